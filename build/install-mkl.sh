#!/usr/bin/env bash
# Installs Intel MKL as Debian packages it (component non-free), if it is not there. A machine that cannot get it is told so, and goes on without.
set -uo pipefail
if ldconfig -p | grep 'libmkl_rt\.so' > /dev/null; then
    exit 0
fi
if ! apt-cache policy libmkl-rt | grep 'Candidate: [0-9]' > /dev/null; then
    bash "$(dirname "$0")/non-free-sources.sh" /etc/apt/sources.list.d
    apt-get update -qq || true
fi
if ! DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends libmkl-rt >/dev/null; then
    echo "skipped: Intel MKL cannot be installed here; what is tested below runs without it."
fi
