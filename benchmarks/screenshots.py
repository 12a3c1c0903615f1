"""The pictures of the README: the console's list and household page, and a list as staff print it.

`make screenshots` starts the service on the demo's database, opens it in Chromium, and prints a sheet of the
workbook through LibreOffice (Debian: chromium, fonts-noto-cjk, libreoffice-calc-nogui, poppler-utils).
"""

import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from playwright.sync_api import Page, sync_playwright

ROOT = Path(__file__).parents[1]
CHROMIUM = "/usr/bin/chromium"
FLAGS = (
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)
MOST_BYTES = 200_000
SIZE = {"width": 1180, "height": 760}
READY_SECONDS = 30


@contextmanager
def service(database: str, bundles: Path) -> Iterator[str]:
    """The real service on a free port; its address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = str(probe.getsockname()[1])
    options = ["--database", database, "--bundles", str(bundles), "--port", port]
    process = subprocess.Popen([sys.executable, "-m", "serving", "serve", *options], cwd=ROOT)
    try:
        _wait(f"http://127.0.0.1:{port}/readyz", process)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(timeout=30)


def _wait(url: str, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + READY_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with urllib.request.urlopen(url, timeout=2):  # noqa: S310 - our own loopback address
                return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.1)
    raise SystemExit("the service did not answer")


def take_console(page: Page, url: str, out: Path, kind: str) -> None:
    """Choose page, a list, and the household with the most to say on it."""
    page.goto(url)
    picture(page, out / "console-home.png")
    page.locator(f"a[href*='/console/lists/{kind}']").first.click()
    picture(page, out / "console-list.png")
    lines = page.locator("ol.dibao-checks").evaluate_all("all => all.map(one => one.children.length)")
    page.locator("th.dibao-list__home a").nth(lines.index(max(lines))).click()
    picture(page, out / "console-household.png")


def picture(page: Page, path: Path) -> None:
    """A picture of the window, small enough for the repository."""
    page.screenshot(path=path, clip={"x": 0, "y": 0, **SIZE})
    told(path)


def told(path: Path) -> None:
    """Tell the size of a picture; stop where it is too large."""
    if path.stat().st_size > MOST_BYTES:
        raise SystemExit(f"{path} is larger than {MOST_BYTES} bytes")
    print(f"{path} {path.stat().st_size:,} bytes")


def take_paper(workbook: Path, out: Path) -> None:
    """The first page of a workbook as a printer would make it."""
    with tempfile.TemporaryDirectory() as folder:
        office = shutil.which("soffice")
        rasterise = shutil.which("pdftoppm")
        if not office or not rasterise:
            raise SystemExit("install libreoffice-calc-nogui and poppler-utils to print the workbook")
        profile = f"-env:UserInstallation=file://{folder}/profile"
        subprocess.run(
            [office, profile, "--headless", "--convert-to", "pdf", "--outdir", folder, str(workbook)],
            check=True,
            capture_output=True,
        )
        pdf = Path(folder) / f"{workbook.stem}.pdf"
        target = out / "printed-list"
        subprocess.run(
            [rasterise, "-png", "-r", "90", "-gray", "-singlefile", str(pdf), str(target)], check=True
        )
    told(target.with_suffix(".png"))


def main(
    database: Annotated[str, typer.Option(help="Casework database URL.")],
    bundles: Annotated[Path, typer.Option(help="Folder of bundles.")],
    lists: Annotated[Path, typer.Option(help="Folder with the workbooks.")],
    out: Annotated[Path, typer.Option(help="Folder of the pictures.")] = ROOT / "docs/images",
    kind: Annotated[str, typer.Option(help="List to show.")] = "hidden_income",
) -> None:
    """Take the README's pictures."""
    out.mkdir(parents=True, exist_ok=True)
    with service(database, bundles) as url, sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        page = browser.new_page(viewport=SIZE, locale="zh-CN")
        take_console(page, url, out, kind)
        browser.close()
    take_paper(lists / f"{kind}.xlsx", out)


if __name__ == "__main__":
    typer.run(main)
