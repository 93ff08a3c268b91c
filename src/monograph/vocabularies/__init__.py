"""The vocabularies of the world: their readers, their prefixes, and the index on disk that grounding looks into."""
