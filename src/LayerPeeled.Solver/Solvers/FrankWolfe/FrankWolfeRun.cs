using LayerPeeled.Solver.Programs;
using LayerPeeled.Solver.Solvers.Spectral;

namespace LayerPeeled.Solver.Solvers.FrankWolfe;

/// <summary>The state of one solve by conditional gradients.</summary>
internal sealed class FrankWolfeRun : SolverRun
{
    private const double CorrectiveStepGrowth = 1.2;
    private const int Patience = 20;

    private readonly NuclearNormProgram program;
    private readonly int correctiveSteps;
    private readonly GroupedMatrix logits;
    private readonly GroupedMatrix gradient;
    private readonly GroupedMatrix direction;
    private readonly AtomLineSearch lineSearch;
    private readonly GroupedSpectrum spectrum;
    private readonly double[] rightVector;
    private readonly AtomicSubspace? subspace;
    private readonly GroupedMatrix? coordinates;
    private readonly AcceleratedProjection? corrective;
    private double gap;
    private double smallestGap = double.PositiveInfinity;
    private double lowest = double.PositiveInfinity;
    private int idle;
    private int spreadGroup;

    public FrankWolfeRun(NuclearNormProgram program, GroupedMatrix start, FrankWolfeOptions options)
    {
        this.program = program;
        correctiveSteps = options.CorrectiveSteps;
        int n = program.GroupCount;
        logits = start;
        gradient = program.CreateMatrix();
        direction = program.CreateMatrix();
        lineSearch = new AtomLineSearch(program);
        spectrum = new GroupedSpectrum(program.SizesArray);
        rightVector = new double[n];
        Objective = program.Gradient(logits, gradient);
        if (correctiveSteps > 0)
        {
            subspace = new AtomicSubspace(program);
            coordinates = program.CreateMatrix();
            TakeIn(start);
            corrective = new AcceleratedProjection(subspace, coordinates, program.Radius, CorrectiveStepGrowth, accelerate: true)
            {
                Step = SpectralStart.CauchyStep(program, logits, gradient),
            };
        }

        FindAtom();
    }

    /// <summary>The Frank–Wolfe gap ⟨G, Z⟩ + r·σ_max(G) over the objective.</summary>
    public override double GapEstimate => gap / Objective;

    public override void Iterate(IterationControl control)
    {
        // Z ← Z + γ(S − Z), S the extreme point −r·u·vᵀ
        direction.Add(-1, logits);
        logits.Add(lineSearch.Minimise(logits, direction, control), direction);
        Correct(control);
        Objective = program.Gradient(logits, gradient);
        if (!double.IsFinite(Objective))
        {
            return;
        }

        FindAtom();

        bool improved = Objective < lowest - (1e-15 * Math.Abs(lowest)) || gap < 0.9 * smallestGap;
        idle = improved ? 0 : idle + 1;
        lowest = Math.Min(lowest, Objective);
        smallestGap = Math.Min(smallestGap, gap);
        Stalled = idle >= Patience;
    }

    public override GroupedFactors Point() => GroupedFactors.FromLogits(program, logits);

    // The extreme point of the ball that is lowest in the linear model, into `direction`; its gap.
    private void FindAtom()
    {
        int n = program.GroupCount;
        spectrum.Decompose(gradient, n, n);
        double sigma = spectrum.Values[0];
        spreadGroup = -1;
        for (int g = 0; g < n; g++)
        {
            if (program.Sizes[g] > 1 && Math.Abs(gradient.Spread[g]) > sigma)
            {
                (sigma, spreadGroup) = (Math.Abs(gradient.Spread[g]), g);
            }
        }

        direction.Scale(0);
        if (spreadGroup >= 0)
        {
            // The average of the rank-one atoms of the group: ∓r/(K_g − 1) on its centred vectors.
            direction.Spread[spreadGroup] = -program.Radius * Math.Sign(gradient.Spread[spreadGroup]) / (program.Sizes[spreadGroup] - 1);
            direction.Core[spreadGroup * (n + 1)] = 0;
        }
        else
        {
            for (int h = 0; h < n; h++)
            {
                rightVector[h] = program.Weights[h] == 0 ? 0 : spectrum.Right[h * n];
                System.Numerics.Tensors.TensorPrimitives.Multiply(
                    spectrum.Left.AsSpan(0, n), -program.Radius * rightVector[h], direction.Core.AsSpan(h * n, n));
            }
        }

        gap = Math.Max(0, gradient.Inner(logits) + (program.Radius * sigma));
        Stationarity = sigma == 0 ? 0 : gap / (program.Radius * sigma);
    }

    // Corrective steps: the best point within the singular subspaces of Z and of the new atom.
    private void Correct(IterationControl control)
    {
        if (subspace is null)
        {
            return;
        }

        if (spreadGroup >= 0)
        {
            subspace.AddSpread(spreadGroup);
        }
        else
        {
            subspace.AddPair(spectrum.Left.AsSpan(0, program.GroupCount), rightVector);
        }

        subspace.Restrict(logits, coordinates!);
        corrective!.Restart(coordinates!);
        for (int i = 0; i < correctiveSteps && !corrective.Stalled && !control.ShouldStop; i++)
        {
            corrective.Iterate(control);
        }

        subspace.Expand(corrective.Current, logits);
        coordinates!.CopyFrom(corrective.Current);
        subspace.Compress(coordinates);
    }

    // The singular vectors of the starting point.
    private void TakeIn(GroupedMatrix start)
    {
        int n = program.GroupCount;
        spectrum.Decompose(start, n, n);
        for (int i = 0; i < n && spectrum.Values[i] > 1e-15 * n * spectrum.Values[0]; i++)
        {
            for (int h = 0; h < n; h++)
            {
                rightVector[h] = spectrum.Right[i + (h * n)];
            }

            subspace!.AddPair(spectrum.Left.AsSpan(i * n, n), rightVector);
        }

        for (int g = 0; g < n; g++)
        {
            if (start.Spread[g] != 0)
            {
                subspace!.AddSpread(g);
            }
        }

        subspace!.Restrict(start, coordinates!);
    }
}
