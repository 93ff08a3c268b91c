"""monograph: turns what drug documents say into a knowledge graph in which every fact knows its sentence."""
