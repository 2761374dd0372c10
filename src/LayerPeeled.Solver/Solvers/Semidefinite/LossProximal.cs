using System.Numerics.Tensors;
using LayerPeeled.Solver.Losses;
using LayerPeeled.Solver.Programs;

namespace LayerPeeled.Solver.Solvers.Semidefinite;

/// <summary>
/// The proximal operator of the loss, column by column: z_k ← argmin ω_k·L(z, k) + (ρ/2)‖z − v‖², by Newton's method with conjugate gradients
/// inside and a line search on the residual (the objective has lost its digits near the minimum). Owns its buffers.
/// </summary>
internal sealed class LossProximal
{
    private const int MaximumNewtonSteps = 60;
    private const int MaximumHalvings = 40;
    private const double Accuracy = 1e-14;

    private readonly NuclearNormProgram program;
    private readonly double[] multiplicities;
    private readonly double[] gradient;
    private readonly double[] residual;
    private readonly double[] step;
    private readonly double[] search;
    private readonly double[] product;
    private readonly double[] trial;

    public LossProximal(NuclearNormProgram program)
    {
        int n = program.GroupCount;
        this.program = program;
        multiplicities = new double[n];
        gradient = new double[n];
        residual = new double[n];
        step = new double[n];
        search = new double[n];
        product = new double[n];
        trial = new double[n];
    }

    /// <summary>One column.</summary>
    /// <param name="k">The class.</param>
    /// <param name="penalty">ρ.</param>
    /// <param name="target">v.</param>
    /// <param name="z">On entry a guess, on return the minimiser.</param>
    public void Solve(int k, double penalty, ReadOnlySpan<double> target, Span<double> z)
    {
        double weight = program.Weights[k];
        if (weight == 0)
        {
            target.CopyTo(z);
            return;
        }

        Array.Fill(multiplicities, 1);
        int row = program.OwnRow(k);
        multiplicities[row] = 0;
        // In units of ρ nothing is of the order of the loss, whose square may underflow.
        weight /= penalty;
        double scale = Residual(k, row, weight, target, z, residual, out double own);
        double norm = TensorPrimitives.Norm<double>(residual);
        for (int i = 0; i < MaximumNewtonSteps && norm > Accuracy * scale; i++)
        {
            ConjugateGradients(k, row, weight, z, own, norm);
            double length = 1;
            bool fell = false;
            for (int j = 0; j < MaximumHalvings && !fell; j++, length /= 2)
            {
                TensorPrimitives.MultiplyAdd(step, length, z, trial);
                scale = Residual(k, row, weight, target, trial, residual, out own);
                double next = TensorPrimitives.Norm<double>(residual);
                fell = next < norm * (1 - (1e-4 * length));
                if (fell)
                {
                    trial.CopyTo(z);
                    norm = next;
                }
            }

            if (!fell)
            {
                return;
            }
        }
    }

    // −∇ of the proximal objective over ρ; returns the size of its terms, against which it counts as zero.
    private double Residual(int k, int row, double weight, ReadOnlySpan<double> target, ReadOnlySpan<double> z, Span<double> result, out double own)
    {
        program.Losses(0)[k].Gradient(z[row], z, multiplicities, out own, gradient);
        gradient[row] = 0;
        TensorPrimitives.Subtract(target, z, result);
        double scale = TensorPrimitives.Norm<double>(result) + TensorPrimitives.Norm(z);
        TensorPrimitives.MultiplyAdd(gradient, -weight, result, result);
        result[row] -= weight * own;
        return scale;
    }

    // (ω/ρ·∇²L + I)·step = residual
    private void ConjugateGradients(int k, int row, double weight, ReadOnlySpan<double> z, double own, double norm)
    {
        ILoss loss = program.Losses(0)[k];
        Array.Clear(step);
        residual.CopyTo(search, 0);
        double square = norm * norm, tolerance = square * 1e-12;
        for (int i = 0; i < residual.Length && square > tolerance; i++)
        {
            loss.CurvatureProduct(z[row], z, own, gradient, multiplicities, search[row], search, out double ownProduct, product);
            product[row] = ownProduct;
            TensorPrimitives.MultiplyAdd(product, weight, search, product);
            double length = square / TensorPrimitives.Dot<double>(search, product);
            TensorPrimitives.MultiplyAdd(search, length, step, step);
            TensorPrimitives.MultiplyAdd(product, -length, residual, residual);
            double next = TensorPrimitives.SumOfSquares<double>(residual);
            TensorPrimitives.MultiplyAdd(search, next / square, residual, search);
            square = next;
        }
    }
}
