using System.Globalization;

namespace LayerPeeled.Data.ClassFiles;

/// <summary>Whether names of classes are nothing but numbers in order.</summary>
internal static class ClassNumbering
{
    /// <summary>0, …, K − 1.</summary>
    public static bool IsPosition(IReadOnlyList<string> names) => CountsUpFrom(names, 0);

    /// <summary>0, …, K − 1 or 1, …, K.</summary>
    public static bool IsIndex(IReadOnlyList<string> names) => CountsUpFrom(names, 0) || CountsUpFrom(names, 1);

    private static bool CountsUpFrom(IReadOnlyList<string> names, int first)
    {
        for (int k = 0; k < names.Count; k++)
        {
            if (!int.TryParse(names[k], NumberStyles.None, CultureInfo.InvariantCulture, out int number) || number != first + k)
            {
                return false;
            }
        }

        return true;
    }
}
