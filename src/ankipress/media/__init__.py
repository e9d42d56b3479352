"""Media: references to pictures, sound and video → files of the package, with names that change
with the content.
"""
