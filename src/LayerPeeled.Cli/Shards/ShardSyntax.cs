using System.CommandLine;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using LayerPeeled.Solver.Analysis;

namespace LayerPeeled.Cli.Shards;

/// <summary><c>3/8</c>: the third of eight shards.</summary>
internal static class ShardSyntax
{
    public static Option<SweepShard?> Option(string name, string description) => new(name)
    {
        HelpName = "i/n",
        Description = description,
        CustomParser = result =>
        {
            string text = result.Tokens.Count == 1 ? result.Tokens[0].Value : "";
            if (!TryParse(text, out SweepShard? shard))
            {
                result.AddError($"{name} '{text}' is not allowed: i/n is expected, whole numbers with i from 1 to n.");
            }

            return shard;
        },
    };

    public static bool TryParse(string text, [NotNullWhen(true)] out SweepShard? shard)
    {
        string[] parts = text.Split('/');
        bool isShard = parts.Length == 2
            & int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out int number)
            & int.TryParse(parts[^1], NumberStyles.None, CultureInfo.InvariantCulture, out int count)
            && number >= 1 && number <= count;
        shard = isShard ? new SweepShard(number, count) : null;
        return isShard;
    }
}
