"""What a reviewer signs, computed after training: one part a file, each written whole as JSON."""
