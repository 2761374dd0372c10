using BenchmarkDotNet.Running;
using LayerPeeled.Benchmarks.Limits;
using LayerPeeled.Benchmarks.Load;
using LayerPeeled.Benchmarks.Ratios;

// `ratios` prints the headline figures, `limits` how well time limits hold, `soak` whether memory grows; everything else goes to BenchmarkDotNet.
switch (args)
{
    case ["ratios", .. string[] rest]:
        return RatioCommand.Run(rest);
    case ["limits", .. string[] rest]:
        return LimitCommand.Run(rest);
    case ["soak", .. string[] rest]:
        return SoakCommand.Run(rest);
    default:
        BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);
        return 0;
}
