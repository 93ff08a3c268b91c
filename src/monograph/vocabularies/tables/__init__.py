"""Descriptions of tables that vocabularies are published as; docs/vocabularies.md tells what the keys mean."""
