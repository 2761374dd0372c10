using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace LayerPeeled.Solver.Losses;

/// <content>Many examples at once, four in a vector.</content>
public sealed partial class CrossEntropyLoss : IColumnLoss
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    unsafe void IColumnLoss.Gradients(int classes, int columns, ReadOnlySpan<int> ownClasses, double* logits, nint ld, double* losses)
    {
        double* own = stackalloc double[4];
        Vector256<double> one = Vector256<double>.One;
        for (int first = 0; first < columns; first += 4)
        {
            double* z = logits + first, end = z + (classes * ld);
            ReadOnlySpan<int> k = ownClasses.Slice(first, 4);
            // Whole vectors where the classes agree: what was stored in parts is slow to load.
            double* ownEntries = k[0] == k[1] && k[1] == k[2] && k[2] == k[3] ? z + (k[0] * ld) : own;
            for (int c = 0; c < 4 && ownEntries == own; c++)
            {
                own[c] = z[(k[c] * ld) + c];
                z[(k[c] * ld) + c] = double.NegativeInfinity;
            }

            Vector256<double> ownLogit = Vector256.Load(ownEntries), max = ownLogit, others = default;
            // exp(−∞) = 0: the own class is none of the others
            Vector256.Create(double.NegativeInfinity).Store(ownEntries);
            for (double* entry = z; entry < end; entry += ld)
            {
                max = Vector256.MaxNative(max, Vector256.Load(entry));
            }

            for (double* entry = z; entry < end; entry += ld)
            {
                Vector256<double> power = Elementary.Exp(Vector256.Load(entry) - max);
                power.Store(entry);
                others += power;
            }

            // p_g = exp(z_g − m)/(exp(z_own − m) + Σ exp(z − m)) with m = max z;  ∂L/∂z_own = −Σ p_g
            Vector256<double> total = Elementary.Exp(ownLogit - max) + others, inverse = one / total;
            for (double* entry = z; entry < end; entry += ld)
            {
                (Vector256.Load(entry) * inverse).Store(entry);
            }

            (-(others * inverse)).Store(ownEntries);
            for (int c = 0; c < 4 && ownEntries == own; c++)
            {
                z[(k[c] * ld) + c] = own[c];
            }

            // L = m − z_own + log(total); where m is the own logit log(1 + others), as Elementary.LogOnePlus does it
            Vector256<double> shift = max - ownLogit, log = Elementary.Log(total);
            Vector256<double> corrected = Vector256.ConditionalSelect(Vector256.Equals(total, one), others, log * (others / (total - one)));
            Vector256.ConditionalSelect(Vector256.Equals(shift, Vector256<double>.Zero), corrected, shift + log).Store(losses + first);
        }
    }
}
