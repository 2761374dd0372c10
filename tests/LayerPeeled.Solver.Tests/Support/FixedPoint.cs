using System.Numerics;

namespace LayerPeeled.Solver.Tests.Support;

/// <summary>
/// Numbers with 400 binary places, 120 decimal ones: sums are exact, products and functions are off by a few units of the last place. What is proven in
/// doubles is compared with them.
/// </summary>
internal readonly struct FixedPoint(BigInteger units) : IComparable<FixedPoint>
{
    private const int Places = 400;
    private static readonly BigInteger One = BigInteger.One << Places;

    // log 2 = Σ 1/(k·2^k)
    private static readonly FixedPoint LogTwo = new(Enumerable.Range(1, Places + 8).Aggregate(BigInteger.Zero, (sum, k) => sum + ((One >> k) / k)));
    private readonly BigInteger units = units;

    /// <summary>What a handful of operations is off by at most.</summary>
    public static FixedPoint Tiny { get; } = new(BigInteger.One << 60);

    public static implicit operator FixedPoint(double value)
    {
        // m·2^e, exactly but for what is below the last place
        long bits = BitConverter.DoubleToInt64Bits(value), mantissa = bits & ((1L << 52) - 1);
        int exponent = (int)((bits >> 52) & 0x7FF);
        mantissa = exponent == 0 ? mantissa : mantissa | (1L << 52);
        int shift = Math.Max(exponent, 1) - 1075 + Places;
        BigInteger units = shift >= 0 ? (BigInteger)mantissa << shift : (BigInteger)mantissa >> -shift;
        return new FixedPoint(bits < 0 ? -units : units);
    }

    public static explicit operator double(FixedPoint x) => (double)x.units / Math.Pow(2, Places);

    public static FixedPoint operator +(FixedPoint x, FixedPoint y) => new(x.units + y.units);

    public static FixedPoint operator -(FixedPoint x, FixedPoint y) => new(x.units - y.units);

    public static FixedPoint operator -(FixedPoint x) => new(-x.units);

    public static FixedPoint operator *(FixedPoint x, FixedPoint y) => new((x.units * y.units) >> Places);

    public static FixedPoint operator /(FixedPoint x, FixedPoint y) => new((x.units << Places) / y.units);

    public static bool operator <(FixedPoint x, FixedPoint y) => x.units < y.units;

    public static bool operator >(FixedPoint x, FixedPoint y) => x.units > y.units;

    public static bool operator <=(FixedPoint x, FixedPoint y) => x.units <= y.units;

    public static bool operator >=(FixedPoint x, FixedPoint y) => x.units >= y.units;

    public static FixedPoint Sqrt(FixedPoint x)
    {
        BigInteger square = x.units << Places;
        if (square.IsZero)
        {
            return default;
        }

        BigInteger root = BigInteger.One << (int)((square.GetBitLength() + 1) / 2);
        while (true)
        {
            BigInteger next = (root + (square / root)) >> 1;
            if (next >= root)
            {
                return new FixedPoint(root);
            }

            root = next;
        }
    }

    public static FixedPoint Exp(FixedPoint x)
    {
        // x = n·log 2 + r, and the series of r/2^16 squared sixteen times
        int n = (int)BigInteger.Divide(x.units, LogTwo.units);
        BigInteger r = (x.units - (n * LogTwo.units)) >> 16, sum = One, term = One;
        for (int k = 1; !term.IsZero && k < 200; k++)
        {
            term = ((term * r) >> Places) / k;
            sum += term;
        }

        for (int i = 0; i < 16; i++)
        {
            sum = (sum * sum) >> Places;
        }

        return new FixedPoint(n >= 0 ? sum << n : sum >> -n);
    }

    public static FixedPoint Log(FixedPoint x)
    {
        // x = m·2^n with m in [1, 2), and Newton's method for exp(y) = m from a double
        int n = (int)x.units.GetBitLength() - 1 - Places;
        FixedPoint m = new(n >= 0 ? x.units >> n : x.units << -n), y = Math.Log((double)(m.units >> (Places - 60)) / Math.Pow(2, 60));
        for (int i = 0; i < 4; i++)
        {
            FixedPoint e = Exp(y);
            y += 2 * (m - e) / (m + e);
        }

        return y + (n * LogTwo);
    }

    public int CompareTo(FixedPoint other) => units.CompareTo(other.units);

    public override string ToString() => ((double)(units >> (Places - 80)) / Math.Pow(2, 80)).ToString("R");
}
