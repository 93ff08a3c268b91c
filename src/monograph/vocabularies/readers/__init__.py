"""One module a format of vocabularies; each is an entry point of the group ``monograph.vocabularies``."""
