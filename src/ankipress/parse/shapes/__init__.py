"""How files mark their questions: one module a shape, one row each in `shapes.SHAPES`."""
