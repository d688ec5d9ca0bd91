"""A store that speaks enough S3 for one client: objects by key, whole or in part, on a free port of this machine."""

from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import unquote, urlsplit


class Store(BaseHTTPRequestHandler):
    """PUT, GET, HEAD and DELETE of /<bucket>/<key>; whoever shows no signature is refused."""

    objects: dict[str, bytes]
    ranges: list[str]  # what each GET asked for
    protocol_version = "HTTP/1.1"

    @property
    def key(self) -> str:
        return unquote(urlsplit(self.path).path)

    def do_PUT(self) -> None:
        data = self.rfile.read(int(self.headers["Content-Length"]))
        if "aws-chunked" in self.headers.get("Content-Encoding", ""):
            data = b"".join(_chunks(data))
        self.objects[self.key] = data
        self._answer(200)

    def do_GET(self) -> None:
        self.ranges.append(self.headers.get("Range", "all"))
        self._object(with_body=True)

    def do_HEAD(self) -> None:
        self._object(with_body=False)

    def do_DELETE(self) -> None:
        self.objects.pop(self.key, None)
        self._answer(204)

    def log_message(self, *_: object) -> None:
        """Say nothing."""

    def _object(self, *, with_body: bool) -> None:
        data = self.objects.get(self.key)
        if data is None or "Authorization" not in self.headers:
            self._answer(404 if data is None else 403)
        elif with_body and "Range" in self.headers:
            first, _, last = self.headers["Range"].removeprefix("bytes=").partition("-")
            self._answer(206, data[int(first) : int(last) + 1])
        else:
            self._answer(200, data if with_body else b"", length=len(data))

    def _answer(self, status: int, body: bytes = b"", *, length: int | None = None) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(body) if length is None else length))
        self.send_header("ETag", '"1"')
        self.send_header("Last-Modified", "Mon, 23 Nov 2026 09:00:00 GMT")
        self.end_headers()
        self.wfile.write(body)


def _chunks(data: bytes) -> Iterator[bytes]:
    """Give the parts of an aws-chunked body."""
    while data:
        head, _, data = data.partition(b"\r\n")
        size = int(head.split(b";")[0], 16)
        if not size:
            return
        yield data[:size]
        data = data[size + 2 :]


@contextmanager
def bucket() -> Iterator[tuple[str, dict[str, bytes], list[str]]]:
    """Give the store's address, what lies in it, and which bytes were asked for."""
    objects: dict[str, bytes] = {}
    ranges: list[str] = []
    handler = type("Bound", (Store,), {"objects": objects, "ranges": ranges})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}", objects, ranges
        server.shutdown()
        thread.join()
