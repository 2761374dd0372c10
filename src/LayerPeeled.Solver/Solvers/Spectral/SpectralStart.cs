using LayerPeeled.Solver.Programs;

namespace LayerPeeled.Solver.Solvers.Spectral;

/// <summary>Starting points and first steps of the methods in the logits.</summary>
internal static class SpectralStart
{
    /// <summary>
    /// The pattern of the balanced optimum, c·(I − 11ᵀ/K), on the boundary of the ball, or nothing where there is none: spread c, core c·(I − uuᵀ) with u_g = √(K_g/K).
    /// Columns of classes without examples are zero.
    /// </summary>
    public static GroupedMatrix CentredIdentity(NuclearNormProgram program)
    {
        int n = program.GroupCount;
        double classes = program.Model.ClassCount;
        GroupedMatrix start = program.CreateMatrix();
        if (program.Term is NuclearPenalty)
        {
            return start;
        }

        for (int h = 0; h < n; h++)
        {
            start.Spread[h] = program.Sizes[h] > 1 ? 1 : 0;
            for (int g = 0; g < n; g++)
            {
                start.Core[g + (h * n)] = (g == h ? 1 : 0) - (program.Roots[g] * program.Roots[h] / classes);
            }
        }

        ClearWeightless(program, start);
        double norm = new NuclearNormProjection(program.SizesArray).NuclearNorm(start);
        start.Scale(program.Radius / norm);
        return start;
    }

    /// <summary>A user's starting point, copied and moved into the ball.</summary>
    /// <exception cref="ArgumentException">It has another shape or entries that are not finite.</exception>
    public static GroupedMatrix Feasible(NuclearNormProgram program, GroupedMatrix start)
    {
        if (!start.Sizes.AsSpan().SequenceEqual(program.Sizes))
        {
            throw new ArgumentException(
                $"The starting point is over {start.GroupCount} groups; it must be over the {program.GroupCount} groups of the program.", nameof(start));
        }

        if (!Array.TrueForAll(start.Core, double.IsFinite) || !Array.TrueForAll(start.Spread, double.IsFinite))
        {
            throw new ArgumentException("The starting point has entries that are not finite.", nameof(start));
        }

        GroupedMatrix feasible = start.Clone();
        ClearWeightless(program, feasible);
        if (program.Term is NuclearBall)
        {
            new NuclearNormProjection(program.SizesArray).Project(feasible, program.Radius);
        }

        return feasible;
    }

    /// <summary>Zero columns for classes without examples: they have no loss, and any other column would waste budget.</summary>
    public static void ClearWeightless(NuclearNormProgram program, GroupedMatrix matrix)
    {
        int n = program.GroupCount;
        for (int h = 0; h < n; h++)
        {
            if (program.Weights[h] == 0)
            {
                matrix.Spread[h] = 0;
                matrix.Core.AsSpan(h * n, n).Clear();
            }
        }
    }

    /// <summary>How large ‖Z‖_* may be at an optimum: r, or f(0)/λ.</summary>
    public static double Reach(NuclearNormProgram program) =>
        program.Term is NuclearPenalty penalty ? program.Value(program.CreateMatrix()) / penalty.Lambda : program.Radius;

    /// <summary>The step that minimises the quadratic model along the gradient: ‖G‖²/⟨G, ∇²f·G⟩, free of any scale of the loss.</summary>
    public static double CauchyStep(NuclearNormProgram program, GroupedMatrix logits, GroupedMatrix gradient, double logUnit = 0)
    {
        double norm = gradient.FrobeniusNorm();
        if (norm == 0)
        {
            return 1;
        }

        // Along D = G/‖G‖ the step is 1/⟨D, ∇²f·D⟩; nothing of the order of the loss is squared.
        GroupedMatrix direction = gradient.Clone(), product = program.CreateMatrix();
        direction.Scale(1 / norm);
        program.CurvatureProductInUnit(gradient, direction, product, logUnit, logits);
        double step = 1 / product.Inner(direction);
        return double.IsFinite(step) && step > 0 ? step : Reach(program) / norm;
    }
}
