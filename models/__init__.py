"""What is a risk model? Questions, reasons, lists and measures; a library that runs nothing by itself."""
