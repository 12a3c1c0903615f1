"""What a running service stands on: the casework database and the bundles, opened and checked once."""

from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from sqlalchemy import Engine

from features.sources import SOURCES
from models.bundle import Bundle
from models.scoring import Reader
from models.single_rows import single_rows
from serving.casework.database import open_database, require_current
from serving.inputs import load_bundles, sources_of
from serving.settings import Settings

#: Who looks, until people sign in: whoever sits at this machine.
LOCAL = "local"


@dataclass(frozen=True)
class Context:
    """An engine on a current schema, a bundle a question, and how their boosters are read."""

    engine: Engine
    bundles: dict[str, Bundle]
    reader: Reader = field(default_factory=single_rows)

    @cached_property
    def feature_names(self) -> frozenset[str]:
        """Every feature that any of the models reads."""
        return frozenset(name for bundle in self.bundles.values() for name in bundle.names)

    @cached_property
    def tables(self) -> frozenset[str]:
        """Every table that may have answered: declared, or read by one of the models."""
        read = (name for bundle in self.bundles.values() for name in sources_of(bundle))
        return frozenset(SOURCES).union(read)


def open_context(settings: Settings) -> Context:
    """Open what the settings name; `UserError` says what is missing and how to make it."""
    engine = open_database(settings.database_url)
    require_current(engine)
    return Context(engine, load_bundles(Path(settings.bundles)))
