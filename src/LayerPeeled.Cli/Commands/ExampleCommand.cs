using System.CommandLine;
using LayerPeeled.Cli.Input;
using LayerPeeled.Cli.Output;
using LayerPeeled.Data.Numpy;
using LayerPeeled.Solver.Model;
using LayerPeeled.Solver.Solvers;
using MathNet.Numerics.Distributions;
using MathNet.Numerics.LinearAlgebra;

namespace LayerPeeled.Cli.Commands;

/// <summary><c>layerpeeled example</c>.</summary>
internal sealed class ExampleCommand
{
    private readonly Argument<string> file = new("network.npz") { Description = "The archive to write: 'features' (N×p), 'labels' (N), 'weight' (K×p)." };

    private readonly ModelOptions model = new();

    private readonly Option<int?> dimension = NumberSyntax.Integer(
        "--dimension", "p", "Feature dimension. Default: the number of classes.", "a whole number of at least 1", 1);

    private readonly Option<double?> noise = NumberSyntax.Number(
        "--noise", "σ", "Standard deviation of every feature within its class. Default: 0.05.", "a finite number that is not negative", value => value >= 0);

    private readonly Option<int?> seed = NumberSyntax.Integer("--seed", "n", "Seed of the noise. Default: 0.", "a whole number of at least 0", 0);

    private ExampleCommand()
    {
    }

    public static Command Create(Terminal terminal, Func<CancellationToken> listen)
    {
        var self = new ExampleCommand();
        var command = new Command("example",
            "Writes a network to try 'metrics' and 'diagnose' on: one that sits at the optimum of the model, turned in feature space, with normal noise within " +
            "the classes. The classes come from exactly one of --classes, --counts, --labels and --long-tail.")
        {
            self.file, self.dimension, self.noise, self.seed, ExampleWordsCommand.Create(terminal),
        };
        self.model.AddTo(command);
        command.SetAction(parsed => self.Run(parsed, terminal, listen));
        return command;
    }

    private int Run(ParseResult parsed, Terminal terminal, Func<CancellationToken> listen)
    {
        ClassInput input = model.Model(parsed, terminal, parsed.GetValue(dimension));
        LayerPeeledModel problem = input.Model;
        long examples = Examples(problem);
        var target = new OutputFile("network.npz", parsed.GetRequiredValue(file));
        LayerPeeledSolution solution = LayerPeeledSolver.Solve(problem, listen());
        var random = new Random(parsed.GetValue(seed) ?? 0);
        int p = problem.FeatureDimension;
        Matrix<double> turn = Matrix<double>.Build.Random(p, p, new Normal(0, 1, random)).QR().Q;
        Matrix<double> means = solution.ClassMeans.Transpose() * turn;
        var labels = new long[examples];
        int row = 0;
        for (int k = 0; k < problem.ClassCount; k++)
        {
            int count = (int)problem.Groups[problem.GroupOfClass[k]].Count;
            labels.AsSpan(row, count).Fill(k);
            row += count;
        }

        var normal = new Normal(0, parsed.GetValue(noise) ?? 0.05, random);
        Matrix<double> features = Matrix<double>.Build.Dense(labels.Length, p, (i, j) => means[(int)labels[i], j] + normal.Sample());
        target.Write(stream =>
        {
            using var archive = new NpzWriter(stream);
            archive.Add("features", features);
            archive.Add("labels", labels);
            archive.Add("weight", solution.Classifier * turn);
        });
        var sheet = new Sheet(terminal);
        sheet.Line(input.Line());
        sheet.Line($"{parsed.GetRequiredValue(file)}: features {labels.Length}×{p}, labels {labels.Length}, weight {problem.ClassCount}×{p}; "
            + $"the optimum behind it is {solution.Status}");
        foreach (string note in input.Notes)
        {
            sheet.Line(note);
        }

        return ExitCode.Of(solution.Status);
    }

    private static long Examples(LayerPeeledModel model)
    {
        if (model.Groups.FirstOrDefault(group => group.Count != Math.Floor(group.Count)) is { Classes: > 0 } fractional)
        {
            throw new UsageException($"A class has {fractional.Count} examples; a network needs whole numbers.");
        }

        double examples = model.Groups.Sum(group => group.Classes * group.Count);
        return examples * model.FeatureDimension <= Array.MaxLength ? (long)examples
            : throw new UsageException($"{examples} examples with {model.FeatureDimension} features are more than one array can hold.");
    }
}
