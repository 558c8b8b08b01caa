#!/usr/bin/python3
"""Reads a Holdfast repository, format 1, in a local folder. Written from core/FORMAT.md alone; it shares no code with
Holdfast, so it shows that the page suffices. The section numbers in this file are those of that page.

    holdfast_reader.py REPOSITORY IDENTITY-FILE                      lists the snapshots
    holdfast_reader.py REPOSITORY IDENTITY-FILE SNAPSHOT-ID FOLDER   writes stream number N of a snapshot to FOLDER/N

Needs Python 3.9 or newer with the packages cryptography and zstandard (Debian: python3-cryptography, python3-zstandard).
Ends with 0 when all that was asked for was verified, with 1 otherwise; the first mismatch is told on standard error.
"""

import base64
import hashlib
import hmac
import json
import pathlib
import re
import struct
import sys
import zlib

import zstandard
from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF, HKDFExpand

MIB = 1024 * 1024


class Refused(Exception):
    """The repository is not what it should be, or this is not its key. Nothing read so far may be trusted."""


def require(fits, what):
    if not fits:
        raise Refused(what)


# Conventions, at the top of the page


def hkdf(key, label, length):
    return HKDF(hashes.SHA256(), length, None, b"holdfast/1 " + label).derive(key)


def unseal(key, sealed, aad, what):
    require(len(sealed) >= 28, f"{what} is too short")
    try:
        return AESGCM(key).decrypt(sealed[:12], sealed[12:], aad)
    except InvalidTag:
        raise Refused(f"{what} does not fit its tag") from None


def u32(number):
    return struct.pack(">I", number)


def parse_json(text, what):
    """Section 3, the rule for versions."""

    def once(pairs):
        require(len(dict(pairs)) == len(pairs), f"{what} has a field that stands twice")
        return dict(pairs)

    try:
        fields = json.loads(text.decode("utf-8"), object_pairs_hook=once)
    except ValueError as e:
        raise Refused(f"{what} is no JSON: {e}") from None
    return fields


def check_version(fields, what):
    require(fields.get("format") == 1, f"{what} has format {fields.get('format')}, which this reader does not know")
    require(not fields.get("critical"), f"{what} needs what this reader does not know: {fields.get('critical')}")


# 2.1 Key files, 2.2 Wrapped keys


class MasterKey:
    type = "master-key"

    def __init__(self, key):
        self.key = key
        self.id = hkdf(key, b"master-key id", 8)

    def unwrap(self, wrapped, context, what):
        require(len(wrapped) == 60, f"{what} is {len(wrapped)} bytes long, not 60")
        return unseal(hkdf(self.key, b"master-key wrap", 32), wrapped, context, what)


class X25519Identity:
    type = "x25519"

    def __init__(self, key):
        self.private = X25519PrivateKey.from_private_bytes(key)
        self.public = self.private.public_key().public_bytes(
            serialization.Encoding.Raw, serialization.PublicFormat.Raw
        )
        self.id = hashlib.sha256(self.public).digest()[:8]

    def unwrap(self, wrapped, context, what):
        require(len(wrapped) == 80, f"{what} is {len(wrapped)} bytes long, not 80")
        return hpke_open(self.private, self.public, wrapped[:32], wrapped[32:], context, what)


def hpke_open(private, public, enc, sealed, info, what):
    """RFC 9180, mode base, DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, AES-256-GCM, one message."""

    def extract(suite, salt, label, key):
        return hmac.digest(salt or bytes(32), b"HPKE-v1" + suite + label + key, "sha256")

    def expand(suite, key, label, text, length):
        info = struct.pack(">H", length) + b"HPKE-v1" + suite + label + text
        return HKDFExpand(hashes.SHA256(), length, info).derive(key)

    kem = b"KEM\x00\x20"
    suite = b"HPKE\x00\x20\x00\x01\x00\x02"
    try:
        agreed = private.exchange(X25519PublicKey.from_public_bytes(enc))
    except ValueError:
        raise Refused(f"{what} holds a public key of low order") from None
    shared = expand(kem, extract(kem, b"", b"eae_prk", agreed), b"shared_secret", enc + public, 32)
    schedule = b"\x00" + extract(suite, b"", b"psk_id_hash", b"") + extract(suite, b"", b"info_hash", info)
    secret = extract(suite, shared, b"secret", b"")
    key = expand(suite, secret, b"key", schedule, 32)
    nonce = expand(suite, secret, b"base_nonce", schedule, 12)
    return unseal(key, nonce + sealed, b"", what)


IDENTITIES = {"HOLDFAST-MASTER-KEY": MasterKey, "HOLDFAST-IDENTITY-X25519": X25519Identity}


def read_identities(path):
    identities = []
    for line in path.read_text("utf-8").splitlines():
        line = line.strip()
        if not line or line.startswith("#"):
            continue
        match = re.fullmatch(r"(([A-Za-z0-9-]+):([0-9a-f]{64}))-([0-9a-f]{8})", line)
        require(match and match[2] in IDENTITIES, f"{path} has a line that is no identity")
        require(hashlib.sha256(match[1].lower().encode()).hexdigest()[:8] == match[4], f"{path} has a mistyped key")
        identities.append(IDENTITIES[match[2]](bytes.fromhex(match[3])))
    return identities


def unwrap_key(identities, keys, field, context, what):
    """Opens the first of the wrapped keys that is for one of the identities."""
    for entry in keys:
        require(entry["type"] in (MasterKey.type, X25519Identity.type), f"{what} is wrapped in an unknown way")
        for identity in identities:
            if (entry["type"], entry["id"]) == (identity.type, identity.id.hex()):
                return identity.unwrap(base64.b64decode(entry[field], validate=True), context, what)
    raise Refused(f"wrong key: {what} is for other recipients")


def key_context(purpose, repository, run):
    return b"holdfast/1 key" + bytes([purpose]) + repository + run


# 3. Descriptor


class Repository:
    def __init__(self, root, identities):
        self.root = root
        self.identities = identities
        generations = [p.name for p in (root / "descriptor").glob("*") if re.fullmatch(r"\d{8}", p.name)]
        require(generations, f"{root} has no descriptor")
        what = f"descriptor/{max(generations)}"
        match = re.fullmatch(rb"([^\n]*)\n([0-9a-f]{64})\n", (root / what).read_bytes())
        require(match, f"{what} is not a line and a MAC")
        fields = parse_json(match[1], what)
        check_version(fields, what)
        require(fields["generation"] == int(max(generations)), f"{what} says that it is another generation")
        self.id = bytes.fromhex(fields["repository"])
        context = key_context(1, self.id, bytes(16))
        secret = unwrap_key(identities, fields["recipients"], "secret", context, f"the repository secret in {what}")
        mac = hmac.digest(hkdf(secret, b"descriptor", 32), match[1], "sha256").hex()
        require(hmac.compare_digest(mac.encode(), match[2]), f"{what} does not fit its MAC")
        self.chunk_id_key = hkdf(secret, b"chunk id", 32)
        self.index_key = hkdf(secret, b"index", 32)
        self.hosts = {}
        for host in fields["hosts"]:
            key = base64.b64decode(host["key"], validate=True)
            require(hashlib.sha256(key).digest()[:16].hex() == host["id"], f"{what} has a host whose id is not its key's")
            self.hosts[host["id"]] = Ed25519PublicKey.from_public_bytes(key)

    def snapshot_keys(self):
        found = (p.relative_to(self.root).as_posix() for p in (self.root / "snapshots").glob("*/*"))
        return sorted(k for k in found if re.fullmatch(r"snapshots/[^/]+/\d{8}T\d{6}Z-[0-9a-f]{16}", k))


# 5. Snapshots, 6. Reading


class Snapshot:
    """The header of a snapshot, read and verified."""

    def __init__(self, repository, key):
        self.repository = repository
        self.key = key
        self.object = (repository.root / key).read_bytes()
        require(self.object[:8] == b"HFSNAP01" and len(self.object) >= 76, f"{key} is no snapshot")
        (length,) = struct.unpack_from(">I", self.object, 8)
        self.segments_at = 12 + length
        self.signature_at = len(self.object) - 64
        require(self.segments_at <= self.signature_at, f"{key} is cut off in its header")
        self.header = parse_json(self.object[12 : self.segments_at], key)
        check_version(self.header, key)
        finished = re.fullmatch(r"(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(\.\d{1,9})?Z", self.header["finished"])
        require(finished, f"{key} has no time that it was finished at")
        name = f"snapshots/{self.header['source']}/{'%s%s%sT%s%s%sZ' % finished.groups()[:6]}-{self.header['snapshot']}"
        require(name == key, f"{key} says that it is {name}")
        require(self.header["repository"] == repository.id.hex(), f"{key} is of another repository")
        host = repository.hosts.get(self.header["host"])
        require(host is not None, f"{key} is of a host that the descriptor does not name")
        digest = hashlib.sha256(self.object[: self.signature_at]).digest()
        try:
            host.verify(self.object[self.signature_at :], b"holdfast/1 snapshot" + digest)
        except InvalidSignature:
            raise Refused(f"{key} does not fit its signature") from None

    def recipe(self):
        """Gives the chunk references and the streams. Section 5.2."""
        plain, at, number = [], self.segments_at, 0
        while at < self.signature_at:
            require(at + 4 <= self.signature_at, f"{self.key} is cut off in its recipe")
            (length,) = struct.unpack_from(">I", self.object, at)
            sealed = self.object[at + 4 : at + 4 + length]
            at += 4 + length
            require(at <= self.signature_at, f"{self.key} is cut off in its recipe")
            last = at == self.signature_at
            snapshot = bytes.fromhex(self.header["snapshot"])
            aad = b"holdfast/1 recipe" + self.repository.id + snapshot + u32(number) + bytes([last])
            segment = unseal(self.repository.index_key, sealed, aad, f"segment {number} of {self.key}")
            require(last or len(segment) == 4 * MIB, f"segment {number} of {self.key} is short and not the last")
            plain.append(segment)
            number += 1
        text = b"".join(plain)
        require(len(text) >= 4, f"{self.key} has no recipe")
        json_at = len(text) - 4 - int.from_bytes(text[-4:], "big")
        require(json_at >= 0 and json_at % 53 == 0, f"{self.key} has a recipe of broken length")
        fields = parse_json(text[json_at:-4], f"the recipe of {self.key}")
        references = [Reference(*r) for r in struct.iter_unpack(">32sIIIIIB", text[:json_at])]
        self.check(references, fields["streams"])
        return references, fields["streams"]

    def check(self, references, streams):
        packs, runs = self.header["packs"], self.header["runs"]
        for r in references:
            require(r.run < len(runs) and r.pack < len(packs), f"{self.key} refers to a run or pack it does not list")
            require(r.offset + r.sealed_length <= packs[r.pack]["bytes"], f"{self.key} refers past a pack's end")
            require(1 <= r.raw_length <= 4 * MIB, f"{self.key} has a chunk of {r.raw_length} bytes")
        require(len({s["name"] for s in streams}) == len(streams), f"{self.key} has two streams of one name")
        require(sum(s["chunks"] for s in streams) == len(references), f"{self.key} has streams that lack chunks")
        require(sum(s["bytes"] for s in streams) == self.header["plaintextBytes"], f"{self.key} has other plaintextBytes")
        at = 0
        for s in streams:
            lengths = sum(r.raw_length for r in references[at : at + s["chunks"]])
            require(lengths == s["bytes"], f"stream {s['name']} of {self.key} has chunks of {lengths} bytes")
            at += s["chunks"]

    def write(self, folder):
        """Writes every stream, and yields its number and description once it is whole."""
        references, streams = self.recipe()
        repository, runs, packs = self.repository, self.header["runs"], self.header["packs"]
        run_ids = [bytes.fromhex(run["id"]) for run in runs]
        chunk_keys = []
        for run, run_id in zip(runs, run_ids):
            context = key_context(2, repository.id, run_id)
            what = f"the key of run {run['id']} in {self.key}"
            chunk_keys.append(hkdf(unwrap_key(repository.identities, run["keys"], "key", context, what), b"chunk", 32))
        at = 0
        for number, stream in enumerate(streams):
            digests, size = hashlib.sha256(), 0
            part = folder / f"{number}.part"
            with part.open("xb") as out:
                for r in references[at : at + stream["chunks"]]:
                    pack = f"packs/{self.header['source']}/{packs[r.pack]['id']}"
                    raw = self.chunk(r, pack, packs[r.pack]["bytes"], run_ids[r.run], chunk_keys[r.run])
                    digests.update(hashlib.sha256(raw).digest())
                    size += len(raw)
                    out.write(raw)
            at += stream["chunks"]
            require(size == stream["bytes"], f"stream {stream['name']} of {self.key} is {size} bytes long")
            require(digests.hexdigest() == stream["digest"], f"stream {stream['name']} of {self.key} has another digest")
            part.rename(folder / str(number))
            yield number, stream

    def chunk(self, r, pack, pack_bytes, run_id, chunk_key):
        """Section 4.1."""
        what = f"the chunk at {r.offset} of {pack}"
        try:
            with (self.repository.root / pack).open("rb") as file:
                require(file.seek(0, 2) == pack_bytes, f"{pack} is not {pack_bytes} bytes long")
                file.seek(r.offset)
                sealed = file.read(r.sealed_length)
        except FileNotFoundError:
            raise Refused(f"{pack} is not there") from None
        aad = b"holdfast/1 chunk" + run_id + r.chunk_id + bytes([r.codec]) + u32(r.raw_length)
        raw = decode(r.codec, unseal(chunk_key, sealed, aad, what), r.raw_length, what)
        require(len(raw) == r.raw_length, f"{what} is not {r.raw_length} bytes long")
        chunk_id = hmac.digest(self.repository.chunk_id_key, hashlib.sha256(raw).digest(), "sha256")
        require(chunk_id == r.chunk_id, f"{what} is another chunk than it should be")
        return raw


class Reference:
    def __init__(self, chunk_id, run, pack, offset, sealed_length, raw_length, codec):
        self.chunk_id, self.run, self.pack, self.offset = chunk_id, run, pack, offset
        self.sealed_length, self.raw_length, self.codec = sealed_length, raw_length, codec


def decode(codec, encoded, raw_length, what):
    if codec == 0:
        return encoded
    try:
        if codec == 1:
            decoder = zstandard.ZstdDecompressor().decompressobj()
            raw = decoder.decompress(encoded)
        elif codec == 2:
            decoder = zlib.decompressobj(wbits=16 + zlib.MAX_WBITS)
            raw = decoder.decompress(encoded, raw_length + 1)
        else:
            raise Refused(f"{what} has codec {codec}, which this reader does not know")
    except (zstandard.ZstdError, zlib.error) as e:
        raise Refused(f"{what} cannot be decoded: {e}") from None
    require(decoder.eof and not decoder.unused_data, f"{what} is not one whole frame")
    return raw


def main(arguments):
    if len(arguments) not in (2, 4):
        sys.exit(__doc__)
    repository = Repository(pathlib.Path(arguments[0]), read_identities(pathlib.Path(arguments[1])))
    keys = repository.snapshot_keys()
    if len(arguments) == 2:
        for key in keys:
            header = Snapshot(repository, key).header
            print(header["snapshot"], header["finished"], header["source"], header["engine"], header["plaintextBytes"])
        return
    chosen = [key for key in keys if key.endswith("-" + arguments[2])]
    require(len(chosen) == 1, f"there are {len(chosen)} snapshots {arguments[2]}")
    folder = pathlib.Path(arguments[3])
    folder.mkdir()
    for number, stream in Snapshot(repository, chosen[0]).write(folder):
        print(number, stream["bytes"], stream["name"])


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except Refused as e:
        sys.exit(f"refused: {e}")
    except (KeyError, TypeError, ValueError) as e:
        sys.exit(f"refused: a field is missing or of the wrong kind: {e!r}")
