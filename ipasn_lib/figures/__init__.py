"""From a table to what a reader sees: charts, maps, tables and the words in them."""
