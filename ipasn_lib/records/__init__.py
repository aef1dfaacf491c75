"""Files of real agencies in, checked and pseudonymised tables out; places; make-believe people."""
