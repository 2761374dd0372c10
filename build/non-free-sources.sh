#!/usr/bin/env bash
# Writes this system's own Debian sources to a folder, with the component non-free (or all that are given) in the place of theirs.
#
#   bash build/non-free-sources.sh FOLDER [COMPONENT …]
set -euo pipefail
. /etc/os-release
suite="${VERSION_CODENAME:?this is not Debian}"
target="$1"
shift
components="${*:-non-free}"
for file in /etc/apt/sources.list /etc/apt/sources.list.d/*.sources /etc/apt/sources.list.d/*.list; do
    [ -f "$file" ] || continue
    case "$file" in
        *.sources)
            if grep -qE "^Suites:.* $suite( |\$)" "$file"; then
                sed "s/^Components:.*/Components: $components/" "$file" > "$target/layerpeeled-$(basename "$file")"
            fi
            ;;
        *)
            if grep -qE "^deb .* $suite main" "$file"; then
                sed -nE "s/^(deb .* $suite) main.*/\1 $components/p" "$file" > "$target/layerpeeled-$(basename "$file" .list).list"
            fi
            ;;
    esac
done
