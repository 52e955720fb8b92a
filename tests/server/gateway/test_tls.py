"""A gateway as a pod has it: TLS with a certificate for its name, called by its address and by its name."""

from __future__ import annotations

import datetime
import http.client
import ssl
from pathlib import Path

import pytest

from tests.server.gateway.processes import PATIENCE, Gateway

pytest.importorskip("cryptography", reason="cryptography is not installed")

NAME, ADDRESS = "portalis-gateway", "10.1.2.3"


def make_certificate(folder: Path) -> tuple[Path, Path]:
    """Write a certificate for the gateway's name, signed by itself, and its key."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.x509.oid import NameOID

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, NAME)])
    now = datetime.datetime.now(datetime.UTC)
    builder = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number(), now, now + datetime.timedelta(days=1))
    signed = builder.add_extension(x509.SubjectAlternativeName([x509.DNSName(NAME)]), critical=False).sign(key, hashes.SHA256())
    certificate, secret = folder / "tls.crt", folder / "tls.key"
    certificate.write_bytes(signed.public_bytes(serialization.Encoding.PEM))
    plain = serialization.NoEncryption()
    secret.write_bytes(key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain))
    return certificate, secret


def test_a_pod_answers_by_its_address_and_its_name(tmp_path: Path) -> None:
    certificate, secret = make_certificate(tmp_path)
    settings = {"TLS_CERTIFICATE": str(certificate), "TLS_KEY": str(secret), "HOSTS": f"{ADDRESS},{NAME}", "TRITON": "127.0.0.1:9"}
    gateway = Gateway(tmp_path / "state", settings).start(wait=False)
    context = ssl.create_default_context(cafile=str(certificate))
    # The name is the certificate's, whatever address this test reaches it by.
    context.check_hostname = False
    try:
        statuses = {}
        for host in (f"{ADDRESS}:8000", NAME, "127.0.0.1"):
            connection = http.client.HTTPSConnection("127.0.0.1", gateway.port, timeout=PATIENCE, context=context)
            connection.request("GET", "/v1/health/live", headers={"Host": host})
            statuses[host] = connection.getresponse().status
            connection.close()
        assert statuses == {f"{ADDRESS}:8000": 200, NAME: 200, "127.0.0.1": 421}
    finally:
        assert gateway.stop() == 0
