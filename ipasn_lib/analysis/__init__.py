"""One question a file: compare, decompose, plan, uncertainty, place, causes."""
