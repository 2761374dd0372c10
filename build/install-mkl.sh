#!/usr/bin/env bash
# Installs Intel MKL as Debian packages it (component non-free), if it is not there. A machine that cannot get it is told so, and goes on without.
set -uo pipefail
if ldconfig -p | grep -q 'libmkl_rt\.so'; then
    exit 0
fi
if ! apt-cache policy libmkl-rt | grep -q 'Candidate: [0-9]'; then
    . /etc/os-release
    cat > /etc/apt/sources.list.d/layerpeeled-non-free.sources <<SOURCES
Types: deb
URIs: http://deb.debian.org/debian
Suites: ${VERSION_CODENAME:-bookworm}
Components: non-free
Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg
SOURCES
    apt-get update -qq || true
fi
if ! DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends libmkl-rt >/dev/null; then
    echo "skipped: Intel MKL cannot be installed here; what is tested below runs without it."
fi
