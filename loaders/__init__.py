"""Loaders: one module a source format, each yielding :class:`monograph.document.Document`.

They are found through the entry-point group ``monograph.loaders``; ``README.md`` here tells how to add one.
"""
