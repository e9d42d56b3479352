"""What a release is made of, as values: the next version, the changelog for learners, tombstones,
the manifest, the notes.
"""
