using LayerPeeled.Solver.LinearAlgebra;
using LayerPeeled.Solver.Model;
using MathNet.Numerics.LinearAlgebra;

namespace LayerPeeled.Solver.Programs;

/// <summary>From grouped factors to the matrices of the full program.</summary>
internal static class FactorExpansion
{
    /// <summary>Throws where a point has more coordinates than the model has dimensions.</summary>
    /// <exception cref="InvalidOperationException">It has.</exception>
    public static void RequireFit(GroupedFactors factors)
    {
        long needed = (long)factors.Rank + OwnCoordinates(factors);
        int dimension = factors.Program.Model.FeatureDimension;
        if (needed > dimension)
        {
            throw new InvalidOperationException($"The point needs {needed} dimensions and the model has p = {dimension}; its logits and Gram matrices are available.");
        }
    }

    // W (or H̃ᵀ), K×p: the common coordinates first, then those of each group that is spread out; zero columns up to p.
    private static Matrix<double> Expand(GroupedFactors factors, ReadOnlySpan<double> spread, ReadOnlySpan<double> core)
    {
        NuclearNormProgram program = factors.Program;
        LayerPeeledModel model = program.Model;
        int n = program.GroupCount;
        RequireFit(factors);
        _ = MatrixShape.Length(model.ClassCount, model.FeatureDimension);
        var full = Matrix<double>.Build.Dense(model.ClassCount, model.FeatureDimension);
        var firstColumn = new int[n];
        var seen = new int[n];
        int next = factors.Rank;
        for (int g = 0; g < n; g++)
        {
            firstColumn[g] = next;
            next += IsSpread(factors, g) ? (int)program.Sizes[g] - 1 : 0;
        }

        for (int k = 0; k < model.ClassCount; k++)
        {
            int g = program.BlockOfClass(k);
            double root = Math.Sqrt(program.Sizes[g]);
            for (int i = 0; i < factors.Rank; i++)
            {
                full[k, i] = core[g + (i * n)] / root;
            }

            if (IsSpread(factors, g))
            {
                // Row j of the Helmert basis: column m (from 1) is (1, …, 1, −m, 0, …)/√(m(m+1)), m ones.
                int j = seen[g]++;
                for (int m = Math.Max(j, 1); m < (int)program.Sizes[g]; m++)
                {
                    full[k, firstColumn[g] + m - 1] = spread[g] * (j == m ? -m : 1) / Math.Sqrt(m * (m + 1.0));
                }
            }
        }

        return full;
    }

    /// <summary>W, K×p.</summary>
    public static Matrix<double> Classifier(GroupedFactors factors) => Expand(factors, factors.ClassifierSpread, factors.ClassifierCore);

    /// <summary>H̄ᵀ, K×p.</summary>
    public static Matrix<double> ClassMeans(GroupedFactors factors)
    {
        Matrix<double> full = Expand(factors, factors.FeatureSpread, factors.FeatureCore);
        Unscale(factors.Program, full);
        return full;
    }

    /// <summary>H̄ᵀ·H̄, K×K.</summary>
    public static Matrix<double> FeatureGram(GroupedFactors factors)
    {
        Matrix<double> gram = Gram(factors, factors.FeatureSpread, factors.FeatureCore).Expand(factors.Program);
        Unscale(factors.Program, gram);
        gram = gram.Transpose();
        Unscale(factors.Program, gram);
        return gram;
    }

    /// <summary>Z = W·H̄, with the bias added where there is one: K×K, column k the logits of class k.</summary>
    public static Matrix<double> Logits(GroupedFactors factors)
    {
        Matrix<double> rows = factors.AllLogits().Expand(factors.Program).Transpose();
        Unscale(factors.Program, rows);
        return rows.Transpose();
    }

    /// <summary>b, one number a class; null where the model has no bias.</summary>
    public static Vector<double>? Bias(GroupedFactors factors)
    {
        NuclearNormProgram program = factors.Program;
        return program.Bias is null ? null : Vector<double>.Build.Dense(program.Model.ClassCount, k =>
        {
            int g = program.BlockOfClass(k);
            return factors.Bias[g] / program.Roots[g];
        });
    }

    // Rows of the scaled features √ρ_k·h_k become those of the features.
    private static void Unscale(NuclearNormProgram program, Matrix<double> rows)
    {
        if (program.Model.Regulariser.FeatureNorm == FeatureNorm.PerClass)
        {
            return;
        }

        for (int k = 0; k < rows.RowCount; k++)
        {
            double root = program.FeatureRoots[program.BlockOfClass(k)];
            for (int i = 0; i < rows.ColumnCount; i++)
            {
                rows[k, i] /= root;
            }
        }
    }

    /// <summary>W·Wᵀ (or H̄ᵀH̄) as a grouped matrix: spread s², core U·Uᵀ.</summary>
    public static GroupedMatrix Gram(GroupedFactors factors, ReadOnlySpan<double> spread, ReadOnlySpan<double> core)
    {
        int n = factors.Program.GroupCount;
        GroupedMatrix gram = factors.Program.CreateMatrix();
        LinearAlgebraProvider.Backend.SymmetricProduct(false, n, factors.Rank, 1, core, n, 0, gram.Core, n);
        for (int g = 0; g < n; g++)
        {
            gram.Spread[g] = factors.Program.Sizes[g] == 1 ? 0 : spread[g] * spread[g];
        }

        return gram;
    }

    /// <summary>Dimensions that the spread-out groups take up beyond the common ones.</summary>
    public static int OwnCoordinates(GroupedFactors factors) =>
        (int)Math.Min(int.MaxValue, Enumerable.Range(0, factors.Program.GroupCount)
            .Where(g => IsSpread(factors, g)).Sum(g => (long)factors.Program.Sizes[g] - 1));

    private static bool IsSpread(GroupedFactors factors, int g) =>
        factors.Program.Sizes[g] > 1 && (factors.ClassifierSpread[g] != 0 || factors.FeatureSpread[g] != 0);
}
