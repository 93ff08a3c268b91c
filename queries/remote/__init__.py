"""SPARQL templates for endpoints of others; queries/README.md tells how to write one."""
