"""Every setting of the service, declared once: name, default and a sentence. Environment prefix `DIBAO_`."""

from pathlib import Path

from pydantic import Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from features.errors import UserError

PREFIX = "DIBAO_"


class Settings(BaseSettings):
    """What a command reads from the environment where no option is given on its command line."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, extra="ignore")

    database_url: str = Field(
        default="sqlite:///out/demo/casework.db",
        description="Casework database: sqlite:///file.db, or postgresql+psycopg://user@host/name.",
    )
    bundles: Path = Field(
        default=Path("out/demo/bundles"),
        description="Folder with one trained bundle a question, as `python -m training run` writes it.",
    )
    profiles: Path = Field(
        default=Path("out/demo"),
        description="Folder with profiles/, judgements/ and findings/, from `python -m features profile`.",
    )
    pseudonym_key: str = Field(
        default="practice",
        description="Secret of the city: pseudonyms and the random draws of the lists follow from it.",
    )
    host: str = Field(
        default="127.0.0.1",
        description="Address the service listens on; nobody signs in yet, so only loopback is accepted.",
    )
    port: int = Field(default=3000, ge=1, le=65535, description="Port the service listens on.")
    workers: int = Field(
        default=1,
        ge=1,
        le=64,
        description="Processes that serve; each holds the models, and the bounds below hold in each.",
    )
    in_work: int = Field(
        default=4,
        ge=1,
        le=64,
        description="Requests that a process has in work at once; pages and many households use threads.",
    )
    waiting: int = Field(
        default=32,
        ge=0,
        le=10_000,
        description="Requests that a process keeps in line beyond those; more are refused with 429.",
    )


def load_settings() -> Settings:
    """Settings from the environment; `UserError` names the variable that cannot be read, never its value."""
    try:
        return Settings()
    except ValidationError as problem:
        names = ", ".join(sorted(PREFIX + str(e["loc"][0]).upper() for e in problem.errors()))
        raise UserError(
            f"环境变量 {names} 的值无效 / {names} has no valid value; correct or unset it."
        ) from None
