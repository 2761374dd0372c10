using BenchmarkDotNet.Running;
using LayerPeeled.Benchmarks.Ratios;

// `ratios` prints the headline figures; everything else goes to BenchmarkDotNet.
if (args is ["ratios", .. string[] rest])
{
    return RatioCommand.Run(rest);
}

BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);
return 0;
