"""From SIASN's own exports (nominatif and histories) to the records that an instrument asks for."""
