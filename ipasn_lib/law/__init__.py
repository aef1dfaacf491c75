"""The law as dated data: one regulation a file, strictly loaded, and the few kinds of rule."""
