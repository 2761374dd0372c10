namespace LayerPeeled.Solver.LinearAlgebra;

/// <summary>The outcome of choosing a backend, with what was found on the way.</summary>
internal sealed record ProviderSelection(IDenseBackend Backend, IReadOnlyList<LinearAlgebraCandidate> Candidates)
{
    /// <summary>Tries to set up one kind of backend: the backend, or null and the reason.</summary>
    public delegate (IDenseBackend? Backend, string Reason) Loader(LinearAlgebraProviderKind kind);

    private static readonly LinearAlgebraProviderKind[] Order =
        [LinearAlgebraProviderKind.Mkl, LinearAlgebraProviderKind.OpenBlas, LinearAlgebraProviderKind.MathNet, LinearAlgebraProviderKind.Managed];

    /// <summary>Chooses by the text of the environment variable; text that makes no sense, or names what is not there, never fails.</summary>
    public static ProviderSelection FromText(string? text, Loader load)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            return Choose(LinearAlgebraProviderKind.Auto, load);
        }

        string trimmed = text.Trim();
        foreach (LinearAlgebraProviderKind kind in Enum.GetValues<LinearAlgebraProviderKind>())
        {
            if (string.Equals(trimmed, NameOf(kind), StringComparison.OrdinalIgnoreCase))
            {
                return Choose(kind, load);
            }
        }

        return Choose(
            LinearAlgebraProviderKind.Managed, load,
            $"not tried: {LinearAlgebraProvider.EnvironmentVariable}={trimmed} is none of auto, mkl, openblas, mathnet, managed");
    }

    /// <summary>Chooses one kind, or the first available for <see cref="LinearAlgebraProviderKind.Auto"/>; managed when it is not available.</summary>
    public static ProviderSelection Choose(LinearAlgebraProviderKind wanted, Loader load, string? notTried = null)
    {
        IDenseBackend? chosen = null;
        var candidates = new List<LinearAlgebraCandidate>(Order.Length);
        foreach (LinearAlgebraProviderKind kind in Order)
        {
            string name = NameOf(kind);
            bool asked = wanted == LinearAlgebraProviderKind.Auto || wanted == kind || kind == LinearAlgebraProviderKind.Managed;
            if (chosen is not null)
            {
                bool managed = kind == LinearAlgebraProviderKind.Managed;
                candidates.Add(new(name, managed, false, managed ? $"available; {chosen.Name} comes first" : $"not tried: {chosen.Name} comes first"));
            }
            else if (!asked)
            {
                candidates.Add(new(name, false, false, notTried ?? $"not tried: {NameOf(wanted)} was asked for"));
            }
            else
            {
                (chosen, string reason) = load(kind);
                candidates.Add(new(name, chosen is not null, chosen is not null, chosen?.Description ?? reason));
            }
        }

        return new ProviderSelection(chosen ?? throw new InvalidOperationException("The managed provider did not load."), candidates);
    }

    /// <summary>Sets up the real backends.</summary>
    public static (IDenseBackend? Backend, string Reason) Load(LinearAlgebraProviderKind kind)
    {
        switch (kind)
        {
            case LinearAlgebraProviderKind.Mkl:
                NativeBackend.TryLoadMkl(out NativeBackend? mkl, out string mklReason);
                return (mkl, mklReason);
            case LinearAlgebraProviderKind.OpenBlas:
                NativeBackend.TryLoadOpenBlas(out NativeBackend? openBlas, out string openBlasReason);
                return (openBlas, openBlasReason);
            case LinearAlgebraProviderKind.MathNet:
                MathNetBackend.TryCreate(out MathNetBackend? mathNet, out string mathNetReason);
                return (mathNet, mathNetReason);
            default:
                return (new ManagedBackend(), "");
        }
    }

    public static string NameOf(LinearAlgebraProviderKind kind) => kind switch
    {
        LinearAlgebraProviderKind.Auto => "auto",
        LinearAlgebraProviderKind.Mkl => "mkl",
        LinearAlgebraProviderKind.OpenBlas => "openblas",
        LinearAlgebraProviderKind.MathNet => "mathnet",
        LinearAlgebraProviderKind.Managed => "managed",
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "Not a linear algebra provider."),
    };
}
