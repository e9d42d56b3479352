"""The command line: one module a command, and how results are shown. Only it prints and exits."""
