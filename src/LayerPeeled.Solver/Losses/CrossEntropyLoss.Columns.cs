using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace LayerPeeled.Solver.Losses;

/// <content>Many examples at once, four in a vector.</content>
public sealed partial class CrossEntropyLoss : IColumnLoss
{
    // Examples between whose passes everything stays on the stack.
    private const int Batch = 64;

    unsafe void IColumnLoss.Gradients(int classes, int columns, ReadOnlySpan<int> ownClasses, double* logits, nint ld, double* losses)
    {
        double* own = stackalloc double[Batch], total = stackalloc double[Batch], others = stackalloc double[Batch];
        for (int first = 0; first < columns; first += Batch, logits += Batch, losses += Batch)
        {
            int count = Math.Min(Batch, columns - first);
            ReadOnlySpan<int> classOf = ownClasses.Slice(first, count);
            for (int c = 0; c < count; c++)
            {
                // exp(−∞) = 0: the own class is none of the others
                double* entry = logits + (classOf[c] * ld) + c;
                (own[c], *entry) = (*entry, double.NegativeInfinity);
            }

            Softmax(classes, count, logits, ld, own, losses, total, others);
            for (int c = 0; c < count; c++)
            {
                logits[(classOf[c] * ld) + c] = own[c];
            }

            var logarithms = new Span<double>(own, count);
            TensorPrimitives.Log(new ReadOnlySpan<double>(total, count), logarithms);
            AddLogarithms(count, own, total, others, losses);
        }
    }

    // With m = max z: others = Σ exp(z_g − m), total = exp(z_own − m) + others, p_g = exp(z_g − m)/total and, in the place of z_own,
    // −others/total. Shifts are m − z_own.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static unsafe void Softmax(int classes, int columns, double* logits, nint ld, double* own, double* shifts, double* totals, double* others)
    {
        for (int c = 0; c < columns; c += 4)
        {
            Vector256<double> ownLogit = Vector256.Load(own + c), max = ownLogit, sum = default;
            double* z = logits + c;
            for (int i = 0; i < classes; i++, z += ld)
            {
                max = Vector256.MaxNative(max, Vector256.Load(z));
            }

            z = logits + c;
            for (int i = 0; i < classes; i++, z += ld)
            {
                Vector256<double> power = Elementary.Exp(Vector256.Load(z) - max);
                power.Store(z);
                sum += power;
            }

            Vector256<double> total = Elementary.Exp(ownLogit - max) + sum, inverse = Vector256<double>.One / total;
            z = logits + c;
            for (int i = 0; i < classes; i++, z += ld)
            {
                (Vector256.Load(z) * inverse).Store(z);
            }

            (max - ownLogit).Store(shifts + c);
            (-(sum * inverse)).Store(own + c);
            total.Store(totals + c);
            sum.Store(others + c);
        }
    }

    // L = shift + log(total); without a shift log(1 + others), by Kahan's correction as in Elementary.LogOnePlus
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static unsafe void AddLogarithms(int columns, double* logarithms, double* totals, double* others, double* losses)
    {
        for (int c = 0; c < columns; c += 4)
        {
            Vector256<double> shift = Vector256.Load(losses + c), log = Vector256.Load(logarithms + c);
            Vector256<double> total = Vector256.Load(totals + c), sum = Vector256.Load(others + c), one = Vector256<double>.One;
            Vector256<double> corrected = Vector256.ConditionalSelect(Vector256.Equals(total, one), sum, log * (sum / (total - one)));
            Vector256.ConditionalSelect(Vector256.Equals(shift, Vector256<double>.Zero), corrected, shift + log).Store(losses + c);
        }
    }
}
