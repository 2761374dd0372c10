using System.Globalization;
using FsCheck;
using FsCheck.Fluent;
using Microsoft.FSharp.Core;

namespace LayerPeeled.Solver.Tests.Properties;

/// <summary>
/// Checks a property on random cases, always the same ones unless told otherwise: <c>LAYERPEELED_PROPERTY_RUNS=1000</c> tries at least so many of each,
/// <c>LAYERPEELED_PROPERTY_SEED=7</c> others. A failure shows the seed, the case and the smallest one like it that fails too.
/// </summary>
internal static class Property
{
    private const ulong Seed = 20261127;
    private static readonly int Runs = int.TryParse(Environment.GetEnvironmentVariable("LAYERPEELED_PROPERTY_RUNS"), out int runs) ? runs : 0;
    private static readonly Rnd Start = new(
        ulong.TryParse(Environment.GetEnvironmentVariable("LAYERPEELED_PROPERTY_SEED"), CultureInfo.InvariantCulture, out ulong seed) ? seed : Seed, 1);

    /// <summary>Checks that an action throws for none of the cases.</summary>
    /// <param name="cases">What they are drawn from.</param>
    /// <param name="property">Throws where the property does not hold.</param>
    /// <param name="runs">How many cases, unless the environment asks for more; properties that take long have fewer.</param>
    /// <param name="shrink">Simpler cases than one.</param>
    public static void Holds<T>(Gen<T> cases, Action<T> property, int runs, Func<T, IEnumerable<T>>? shrink = null)
    {
        Config config = Config.QuickThrowOnFailure.WithMaxTest(Math.Max(Runs, runs)).WithQuietOnSuccess(true)
            .WithReplay(FSharpOption<Replay>.Some(new Replay(Start, FSharpOption<int>.None)));
        Prop.ForAll(Arb.From(cases, shrink ?? (_ => [])), property).Check(config);
    }
}
