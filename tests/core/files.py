"""Honest and hostile files, made in memory: each hostile one differs from an honest one in one thing."""

import struct
import zipfile
import zlib
from io import BytesIO

import pikepdf
from pikepdf import Array, Dictionary, Name

_REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
MAIN = {"docx": "word/document.xml", "xlsx": "xl/workbook.xml", "pptx": "ppt/presentation.xml"}


def relations(*rows: str) -> str:
    head = f'<?xml version="1.0" encoding="UTF-8"?><Relationships xmlns="{_PACKAGE}/relationships">'
    return f"{head}{''.join(rows)}</Relationships>"


def relation(kind: str, target: str, mode: str = "") -> str:
    mode = f' TargetMode="{mode}"' if mode else ""
    return f'<Relationship Id="r1" Type="{_REL}/{kind}" Target="{target}"{mode}/>'


def office(kind: str = "docx", extra: dict[str, str | bytes] | None = None, *, types: str = "", **options) -> bytes:
    """An office document; ``extra`` adds parts or replaces them."""
    main = MAIN[kind]
    parts = {
        "[Content_Types].xml": f'<?xml version="1.0"?><Types xmlns="{_PACKAGE}/content-types">'
        f'<Override PartName="/{main}" ContentType="application/vnd.openxmlformats.main+xml"/>{types}</Types>',
        "_rels/.rels": relations(relation("officeDocument", main)),
        main: f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><w:document xmlns:w="{_W}"><w:p>نص</w:p>'
        "</w:document>",
        **(extra or {}),
    }
    return packed(parts, **options)


def odt(extra: dict[str, str | bytes] | None = None, *, body: str = "", first: str = "mimetype") -> bytes:
    parts = {
        first: "application/vnd.oasis.opendocument.text",
        "content.xml": '<?xml version="1.0" encoding="UTF-8"?><office:document-content xmlns:office="o" '
        f'xmlns:text="t" xmlns:xlink="x" xmlns:draw="d" xmlns:script="s" xmlns:table="b">{body}'
        "</office:document-content>",
        "META-INF/manifest.xml": '<?xml version="1.0"?><manifest xmlns="m"/>',
        **(extra or {}),
    }
    return packed(parts, stored=(first,))


def packed(parts: dict, *, stored: tuple[str, ...] = (), compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w", compression) as archive:
        for name, content in parts.items():
            archive.writestr(name, content, zipfile.ZIP_STORED if name in stored else compression)
    return out.getvalue()


def many_parts(count: int) -> bytes:
    return office(extra={f"word/media/{number}.png": b"" for number in range(count)})


def lying_size(content: bytes) -> bytes:
    """The directory says that the largest part is a hundred bytes long."""
    with zipfile.ZipFile(BytesIO(content)) as archive:
        size = max(info.file_size for info in archive.infolist())
    return content.replace(struct.pack("<L", size), struct.pack("<L", 100))


def too_many_entries(content: bytes) -> bytes:
    return content[:-14] + struct.pack("<2H", 60_000, 60_000) + content[-10:]


def pdf(change=None, **options) -> bytes:
    """A page of a PDF; ``change`` gets the document before it is saved."""
    document = pikepdf.new()
    document.add_blank_page()
    if change:
        change(document)
    out = BytesIO()
    document.save(out, **options)
    return out.getvalue()


def with_action(action: dict):
    def change(document):
        document.Root.OpenAction = Dictionary(action)

    return change


def attach(document):
    document.attachments["a.exe"] = b"MZ"


def on_page(document):
    document.pages[0].obj.AA = Dictionary(O=Dictionary(S=Name.JavaScript, JS="app.alert(1)"))


def on_link(action: dict):
    def change(document):
        link = Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=[0, 0, 9, 9], A=Dictionary(action))
        document.pages[0].obj.Annots = document.make_indirect(Array([document.make_indirect(link)]))

    return change


def form_of_adobe(document):
    document.Root.AcroForm = Dictionary(Fields=[], XFA=document.make_stream(b"<xdp/>"))


def rich_media(document):
    media = Dictionary(Type=Name.Annot, Subtype=Name.RichMedia, Rect=[0, 0, 9, 9], RichMediaContent=Dictionary())
    document.pages[0].obj.Annots = Array([media])


def script_names(document):
    document.Root.Names = Dictionary(JavaScript=Dictionary(Names=["x", Dictionary(S=Name.JavaScript, JS="1")]))


def flood(width: int, height: int) -> bytes:
    """A PNG of a few bytes that says it is huge."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">L", len(data)) + kind + data + struct.pack(">L", zlib.crc32(kind + data))

    header = struct.pack(">2L5B", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0")) + chunk(b"IEND", b"")
