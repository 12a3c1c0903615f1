"""What stops a model from being trained on its own answer; `gate` runs everything else here."""
