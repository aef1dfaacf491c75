"""Run notebooks, many and again; export them; knows no science."""
