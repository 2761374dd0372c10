using LayerPeeled.Solver.LinearAlgebra;
using LayerPeeled.Solver.Programs;
using LayerPeeled.Solver.Solvers.LowRank;

namespace LayerPeeled.Solver.Solvers;

/// <summary>What methods hold in memory, against the budget of their options.</summary>
internal static class MemoryNeed
{
    /// <summary>
    /// G×G matrices of the factor form at full rank: point, gradient, direction and their images, 12 vectors of the quasi-Newton memory in single
    /// precision, each two matrices long, and those of a Newton step take two thirds of them; logits, gradients, the preconditioner and the certificate the
    /// rest.
    /// </summary>
    public const double FactorForm = 70;

    /// <summary>
    /// n×n matrices of the factor form where targets are distributions: the gradient and the image of a direction while a certificate weighs two duals beside a gradient of its own, and one to
    /// spare for what has been let go and not collected.
    /// </summary>
    public const double TargetSquares = 6;

    /// <summary>Beside those, n×q matrices for q columns of the factors: a quasi-Newton method, a Newton step with its preconditioner, and the points kept.</summary>
    public const double TargetFactors = 80;

    /// <summary>n×n matrices of the accelerated projection with its decompositions and certificate.</summary>
    public const double Projection = 26;

    /// <summary>n×n matrices of conditional gradients with corrective steps.</summary>
    public const double ConditionalGradient = 38;

    /// <summary>K×K matrices of alternating directions on 2K×2K ones.</summary>
    public const double Semidefinite = 52;

    /// <summary>Bytes of a number of n×n matrices.</summary>
    public static double OfSquares(double matrices, double n) => sizeof(double) * matrices * n * n;

    /// <summary>Bytes of the factor form of a program.</summary>
    public static double OfFactorForm(NuclearNormProgram program)
    {
        double n = program.GroupCount, rank = program.IsReduced ? n : Math.Min(n, program.Model.FeatureDimension);
        return program.HasTargets
            ? OfSquares(TargetSquares, n) + (sizeof(double) * n * TargetFactors * Math.Min(rank, LowRankTuning.MostTargetColumns))
            : OfSquares(FactorForm * (1 + (2 * rank / n)) / 3, n);
    }

    /// <summary>The size of a program, in words.</summary>
    public static string Describe(NuclearNormProgram program) => program.IsReduced ? $"{program.GroupCount} groups" : $"{program.GroupCount} classes";

    /// <summary>Most groups, or classes, for which the factor form keeps to the budget; at least 2.</summary>
    public static int LargestFactorForm(SolverOptions options) =>
        (int)Math.Clamp(Math.Sqrt(options.MemoryBudgetInBytes / OfSquares(FactorForm, 1)), 2, MatrixShape.LargestOrder);

    /// <summary>Refuses a model that a method cannot hold.</summary>
    /// <param name="options">The options with the budget.</param>
    /// <param name="bytes">What the method would need.</param>
    /// <param name="method">Name of the method.</param>
    /// <param name="size">The size of the model as the method sees it, in words.</param>
    /// <param name="argument">Name of the argument that holds the model.</param>
    /// <param name="mayMerge">Whether groups of the model may be merged instead.</param>
    /// <exception cref="ArgumentException">It is more than the budget.</exception>
    public static void Require(SolverOptions options, double bytes, string method, string size, string argument = "model", bool mayMerge = true)
    {
        if (bytes > options.MemoryBudgetInBytes)
        {
            throw new ArgumentException(
                $"The {method} method would need about {bytes / 1e9:G3} GB for {size}, more than the memory budget of {options.MemoryBudgetInBytes / 1e9:G3} GB. "
                + (mayMerge ? "The automatic and the merged method keep to any budget."
                    : "Groups are merged only with budgets, features that count per class and a loss that does not depend on the class."), argument);
        }
    }
}
