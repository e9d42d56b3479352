"""From a project to packages: the list of stages, the memo of compiled cards, and workers."""
