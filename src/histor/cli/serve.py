"""``histor serve``: the review application in a browser."""

from __future__ import annotations

import ipaddress
from pathlib import Path

import click

from histor.cli.inputs import HELP
from histor.cli.project import FOLDER, opened
from histor.model.errors import ConfigError


@click.command(name="serve", context_settings=HELP)
@FOLDER
@click.option(
    "--host", default="127.0.0.1", show_default=True, help="Address to serve on; beyond loopback it asks for accounts."
)
@click.option(
    "--port", type=click.IntRange(0, 65535), default=8377, show_default=True, help="Port; 0 takes a free one."
)
@click.option("--name", default="local", show_default=True, help="Your name on decisions, on loopback.")
@click.option(
    "--hostname", "names", multiple=True, help="Name under which others reach the server; may be given again."
)
@click.option(
    "--tiles",
    metavar="URL",
    help="Map-tile address that the browser may ask (none by default: tiles tell where you look).",
)
@click.option("--accounts", is_flag=True, help="Ask for a log-in on loopback too.")
@click.option("--open/--no-open", "browser", default=True, show_default=True, help="Open the browser.")
def command(
    folder: Path | None, host: str, port: int, name: str, names: tuple[str, ...], tiles: str | None, accounts: bool, browser: bool
) -> None:  # fmt: skip
    """Serve a project for review: read, check, correct, compare, merge, export.

    On 127.0.0.1 whoever sits at the machine is the one user. On any other address people log in; make the first
    account with histor account add.
    """
    import socket
    import threading
    import webbrowser

    import uvicorn

    from histor.store.settings import check_tiles
    from histor.web.app import PAGE, create_app
    from histor.web.guards import LOOPBACK

    if tiles is not None:
        try:
            check_tiles(tiles)
        except ValueError as error:
            raise click.BadParameter(f"{error}.", param_hint="--tiles") from error
    local = _is_loopback(host)
    with opened(folder) as project:
        single = name if local and not accounts else None
        if single is None:
            with project.read() as transaction:
                if not any(a.role == "admin" and not a.disabled for a in transaction.access.accounts()):
                    raise ConfigError(
                        "serve.accounts", "nobody could log in: there is no admin account.",
                        do="Make one with histor account add NAME --role admin.",
                    )  # fmt: skip
        app = create_app(
            project,
            single_user=single,
            hosts=[*LOOPBACK, *([host] if not local else []), *names] if local or names else (),
            tiles=tiles,
        )
        try:
            bound = socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET)
        except OSError as error:
            raise ConfigError(
                "serve.port", f"{host} port {port} cannot be used ({error.strerror}).", do="Choose another with --port."
            ) from error
        address = f"http://{f'[{host}]' if ':' in host else host}:{bound.getsockname()[1]}/"
        click.echo(f"histor: serving {project.folder.resolve()} on {address} (stop with Ctrl+C)", err=True)
        if not (PAGE / "index.html").is_file():
            click.echo(
                "histor: the page is not built; the API works. histor doctor says how to get the page.", err=True
            )
        threading.Thread(target=app.state.catalogue.warm, daemon=True).start()
        if browser and local:
            webbrowser.open(address)
        uvicorn.Server(uvicorn.Config(app, log_level="warning", server_header=False)).run([bound])


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
