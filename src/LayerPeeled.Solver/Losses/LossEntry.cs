namespace LayerPeeled.Solver.Losses;

/// <summary>A loss of the catalogue: its name and parameters, where it comes from, and how it is made.</summary>
public sealed class LossEntry
{
    private readonly Func<IReadOnlyList<double>, ILoss> create;

    internal LossEntry(string name, string description, string source, IReadOnlyList<LossParameter> parameters, Func<IReadOnlyList<double>, ILoss> create, params string[] aliases)
    {
        (Name, Description, Source, Parameters, Aliases) = (name, description, source, parameters, aliases);
        this.create = create;
    }

    /// <summary>The name, as in <c>vs:gamma=0.2,tau=1</c> before the colon.</summary>
    public string Name { get; }

    /// <summary>Other names that are understood.</summary>
    public IReadOnlyList<string> Aliases { get; }

    /// <summary>What it is, in a few words.</summary>
    public string Description { get; }

    /// <summary>The paper, or the papers.</summary>
    public string Source { get; }

    /// <summary>Its parameters, in the order of <see cref="Create"/>.</summary>
    public IReadOnlyList<LossParameter> Parameters { get; }

    /// <summary>Name and parameters as they are written, for example <c>vs:gamma=0.2,tau=1</c> with the values by default.</summary>
    public string Syntax => Parameters.Count == 0 ? Name : $"{Name}:{string.Join(',', Parameters.Select(p => FormattableString.Invariant($"{p.Name}={p.Default}")))}";

    /// <summary>The loss.</summary>
    /// <param name="values">One number for each of <see cref="Parameters"/>.</param>
    /// <exception cref="ArgumentException">There is another number of values.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A value is out of its range.</exception>
    public ILoss Create(params IReadOnlyList<double> values)
    {
        ArgumentNullException.ThrowIfNull(values);
        if (values.Count != Parameters.Count)
        {
            throw new ArgumentException($"The loss '{Name}' has {Parameters.Count} parameters, got {values.Count}.", nameof(values));
        }

        for (int i = 0; i < values.Count; i++)
        {
            LossParameter parameter = Parameters[i];
            if (!(values[i] >= parameter.Least && values[i] <= parameter.Largest))
            {
                throw new ArgumentOutOfRangeException(
                    nameof(values), values[i], FormattableString.Invariant($"The parameter '{parameter.Name}' of the loss '{Name}' must be from {parameter.Least} to {parameter.Largest}."));
            }
        }

        return create(values);
    }
}
