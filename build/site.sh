#!/usr/bin/env bash
# Makes the site of the documentation, artifacts/site/html: the pages and the reference of both packages from their XML docs. Warnings are errors.
#
#   bash build/site.sh
set -euo pipefail
cd "$(dirname "$0")/.."
site="$PWD/artifacts/site"
dotnet build src/LayerPeeled.Cli -c Release
rm -rf "$site"
mkdir -p "$site/reference"
cp CHANGELOG.md CONTRIBUTING.md LICENSE CITATION.cff build/icon.svg build/site/docfx.json build/site/toc.yml "$site"
cp README.md "$site/index.md"
cp -r docs "$site/docs"
# Sources that pages point to.
for source in $(grep -oh '](\.\./[^)#]*' docs/*.md | sed 's:](\.\./::' | sort -u); do
    [ -e "$site/$source" ] || install -D -m 644 "$source" "$site/$source"
done
# With the assemblies that they refer to, which lie beside the tool's. The XML docs are taken from a library: packing removes the copies beside the tool.
cp src/LayerPeeled.Cli/bin/Release/net10.0/*.dll src/LayerPeeled.Data/bin/Release/net10.0/LayerPeeled.*.xml "$site/reference"

# Every page, by its heading, those that introduce first.
{
    echo "items:"
    for page in docs/getting-started.md docs/command-line.md $(ls docs/how-to-*.md) \
        $(ls docs/*.md | grep -v -e 'how-to-' -e getting-started.md -e command-line.md); do
        echo "- name: '$(sed -n "1{s/^# //;s/'/''/g;p}" "$page")'"
        echo "  href: $(basename "$page")"
    done
} > "$site/docs/toc.yml"

dotnet tool restore
dotnet docfx "$site/docfx.json" --warningsAsErrors
