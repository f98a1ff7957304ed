#!/usr/bin/env bash
# Makes the certificates that tests use, once: of a private root, for a validator on this machine, for a bank, one that
# expired, and one of another root. Their keys are public, so that nobody may trust any of them.
set -euo pipefail
cd "$(dirname "$0")"
root() { # NAME
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 36500 -subj "/CN=$1 root" \
        -addext basicConstraints=critical,CA:TRUE -addext keyUsage=critical,keyCertSign \
        -keyout "$1-root.key" -out "$1-root.pem"
}
leaf() { # ROOT NAME USAGE NOT_BEFORE NOT_AFTER
    openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj "/CN=$2" -keyout "$2.key" -out "$2.csr"
    printf 'subjectAltName=DNS:localhost,IP:127.0.0.1\nextendedKeyUsage=%s\nbasicConstraints=critical,CA:FALSE\n' "$3" > "$2.ext"
    mkdir -p ca && : > ca/index.txt && openssl rand -hex 16 > ca/serial
    openssl ca -batch -notext -config <(printf '[ca]\ndefault_ca=d\n[d]\ndatabase=ca/index.txt\nserial=ca/serial\nnew_certs_dir=ca\ndefault_md=sha256\npolicy=p\n[p]\ncommonName=supplied\n') \
        -cert "$1-root.pem" -keyfile "$1-root.key" -in "$2.csr" -out "$2.pem" -startdate "$4" -enddate "$5" -extfile "$2.ext"
    rm -rf ca "$2.csr" "$2.ext"
}
root banks
root stranger
leaf banks validator serverAuth 20260101000000Z 21260101000000Z
leaf banks renewed serverAuth 20260101000000Z 21270101000000Z
leaf banks expired serverAuth 20250101000000Z 20260101000000Z
leaf banks bank clientAuth 20260101000000Z 21260101000000Z
leaf stranger stranger clientAuth 20260101000000Z 21260101000000Z
rm banks-root.key stranger-root.key stranger-root.pem
