using System.Runtime.Intrinsics.X86;

namespace LayerPeeled.Solver.LinearAlgebra.Backends;

/// <summary>The outcome of choosing a backend, with what was found on the way.</summary>
internal sealed record ProviderSelection(IDenseBackend Backend, IReadOnlyList<LinearAlgebraCandidate> Candidates)
{
    /// <summary>Tries to set up one kind of backend: the backend, or null and the reason.</summary>
    public delegate LoadedBackend Loader(LinearAlgebraProviderKind kind);

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

    /// <summary>Chooses one kind, or by speed for <see cref="LinearAlgebraProviderKind.Auto"/>; managed when it is not available.</summary>
    public static ProviderSelection Choose(LinearAlgebraProviderKind wanted, Loader load, string? notTried = null)
    {
        var tried = new Dictionary<LinearAlgebraProviderKind, LoadedBackend>();
        LinearAlgebraProviderKind chosen = wanted == LinearAlgebraProviderKind.Auto ? Fastest(Try, PrefersMkl) : wanted;
        if (Try(chosen).Backend is null)
        {
            chosen = LinearAlgebraProviderKind.Managed;
        }

        IDenseBackend backend = Try(chosen).Backend ?? throw new InvalidOperationException("The managed provider did not load.");
        LinearAlgebraCandidate[] candidates = Array.ConvertAll(Order, kind =>
        {
            bool inUse = kind == chosen;
            if (tried.TryGetValue(kind, out LoadedBackend? loaded))
            {
                string text = loaded.Backend is not { } available ? loaded.Reason
                    : inUse ? available.Description : $"available, {backend.Name} is faster on this processor: {available.Description}";
                return new LinearAlgebraCandidate(NameOf(kind), loaded.Backend is not null, inUse, text);
            }

            bool managed = kind == LinearAlgebraProviderKind.Managed;
            string reason = managed ? $"available; {backend.Name} comes first"
                : notTried ?? (wanted == LinearAlgebraProviderKind.Auto ? $"not tried: {backend.Name} comes first on this processor" : $"not tried: {NameOf(wanted)} was asked for");
            return new LinearAlgebraCandidate(NameOf(kind), managed, false, reason);
        });
        return new ProviderSelection(backend, candidates);

        LoadedBackend Try(LinearAlgebraProviderKind kind)
        {
            if (!tried.TryGetValue(kind, out LoadedBackend? loaded))
            {
                tried[kind] = loaded = load(kind);
            }

            return loaded;
        }
    }

    /// <summary>
    /// The rule, which looks at nothing that changes from run to run: a native library whose own products are as fast as the managed ones, else
    /// one for its decompositions, else what the application has chosen in Math.NET, else managed. MKL is looked at first on the processors it is
    /// made for; on others it uses the kernels of older ones, and its decompositions too are slower than OpenBLAS's.
    /// </summary>
    internal static LinearAlgebraProviderKind Fastest(Loader load, bool prefersMkl)
    {
        LinearAlgebraProviderKind[] natives = prefersMkl
            ? [LinearAlgebraProviderKind.Mkl, LinearAlgebraProviderKind.OpenBlas]
            : [LinearAlgebraProviderKind.OpenBlas, LinearAlgebraProviderKind.Mkl];
        foreach (LinearAlgebraProviderKind kind in natives)
        {
            if (load(kind) is { Backend: not null, IsAtFullStrength: true })
            {
                return kind;
            }
        }

        LinearAlgebraProviderKind[] rest = [.. natives, LinearAlgebraProviderKind.MathNet];
        int first = Array.FindIndex(rest, kind => load(kind).Backend is not null);
        return first < 0 ? LinearAlgebraProviderKind.Managed : rest[first];
    }

    /// <summary>Sets up the real backends.</summary>
    public static LoadedBackend Load(LinearAlgebraProviderKind kind)
    {
        switch (kind)
        {
            case LinearAlgebraProviderKind.Mkl:
                NativeBackend.TryLoadMkl(out NativeBackend? mkl, out string mklReason);
                return new LoadedBackend(mkl, mklReason, mkl is { IsAtFullStrength: true });
            case LinearAlgebraProviderKind.OpenBlas:
                NativeBackend.TryLoadOpenBlas(out NativeBackend? openBlas, out string openBlasReason);
                return new LoadedBackend(openBlas, openBlasReason, openBlas is { IsAtFullStrength: true });
            case LinearAlgebraProviderKind.MathNet:
                MathNetBackend.TryCreate(out MathNetBackend? mathNet, out string mathNetReason);
                return new LoadedBackend(mathNet, mathNetReason);
            default:
                return new LoadedBackend(new ManagedBackend(), "");
        }
    }

    private static bool PrefersMkl
    {
        get
        {
            if (!X86Base.IsSupported)
            {
                return false;
            }

            // "GenuineIntel", four letters in each of EBX, EDX, ECX.
            (_, int b, int c, int d) = X86Base.CpuId(0, 0);
            return (b, d, c) == (0x756e6547, 0x49656e69, 0x6c65746e);
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
