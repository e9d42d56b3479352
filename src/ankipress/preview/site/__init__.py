"""A deck as a site of static files: every card on a page of its own, and lists of them, with the
package to download.
"""
