using System.CommandLine;
using System.Text;
using LayerPeeled.Cli.Input;
using LayerPeeled.Cli.Output;
using LayerPeeled.Cli.Output.Trajectories;
using LayerPeeled.Solver.Analysis.Dynamics;
using LayerPeeled.Solver.Programs;
using LayerPeeled.Solver.Solvers;
using LayerPeeled.Solver.Solvers.Automatic;

namespace LayerPeeled.Cli.Commands;

/// <summary><c>layerpeeled trajectory</c>.</summary>
internal sealed class TrajectoryCommand
{
    // Of the K×K matrices that distances are measured with
    private const int MostClassesWithTarget = 1000;
    private readonly ModelOptions classes = new(budgetDefault: "Required with --model lpm.");
    private readonly TrajectorySettings settings = new();

    private readonly Option<int?> dimension = NumberSyntax.Integer(
        "--dimension", "p", "Feature dimension. Default: the number of classes.", "a whole number of at least 1", 1);

    private readonly Option<string?> plot = new("--plot") { HelpName = "file.svg", Description = "Draws the figure as SVG." };
    private readonly ReportOptions report = new();

    private TrajectoryCommand()
    {
    }

    public static Command Create(Terminal terminal, Func<CancellationToken> listen)
    {
        var self = new TrajectoryCommand();
        var command = new Command("trajectory",
            "Follows training step by step: gradient flow of the unconstrained model, or projected gradient within the budgets. The classes come from exactly one of --classes, --counts, --labels and --long-tail.")
        {
            self.dimension,
        };
        self.classes.AddTo(command);
        foreach (Option option in self.settings.All)
        {
            command.Add(option);
        }

        command.Add(self.plot);
        self.report.AddTo(command);
        command.SetAction(parsed => self.Run(parsed, terminal, listen));
        return command;
    }

    private int Run(ParseResult parsed, Terminal terminal, Func<CancellationToken> listen)
    {
        OutputFile? csvFile = report.File(parsed);
        OutputFile? plotFile = parsed.GetValue(plot) is { } path ? OutputFile.ForFigure(plot.Name, path) : null;
        plotFile?.RequireOtherThan(csvFile);
        TrajectoryReport result;
        using (var progress = new TrajectoryProgressLine(terminal, TimeProvider.System))
        {
            try
            {
                result = settings.Model(parsed) == TrajectoryModel.Free ? Free(parsed, terminal, listen, progress) : Constrained(parsed, terminal, listen, progress);
            }
            catch (ArgumentException error)
            {
                throw new UsageException(UsageException.WithoutParameter(error));
            }
        }

        try
        {
            plotFile?.Write(stream => stream.Write(Encoding.UTF8.GetBytes(result.ToSvg())));
        }
        finally
        {
            report.Print(parsed, terminal, result, csvFile);
        }

        return ExitCodeOf(terminal, result.Trajectory);
    }

    private TrajectoryReport Free(ParseResult parsed, Terminal terminal, Func<CancellationToken> listen, IProgress<TrajectoryRecord> progress)
    {
        GradientFlowOptions options = settings.Flow(parsed);
        if (classes.BudgetOptions.FirstOrDefault(option => parsed.GetResult(option) is { Implicit: false }) is { } budget)
        {
            throw new UsageException($"{budget.Name} has no meaning with --model free, which has no budgets.");
        }

        ClassInput input = classes.Model(parsed, terminal, 1, 1, parsed.GetValue(dimension));
        FactorizedProgram program = FactorizedProgram.At(input.Model, settings.Level(parsed));
        bool compares = input.Model.ClassCount <= MostClassesWithTarget && program.FeatureDimension >= input.Model.ClassCount - 1;
        TrajectoryTarget? target = compares ? TrajectoryTarget.MaxMargin(program) : null;
        Trajectory run = GradientFlow.Run(program, options with { Target = target }, null, progress, listen());
        return new TrajectoryReport(input, program, TrajectoryModel.Free, settings.Rule(parsed), target, run);
    }

    private TrajectoryReport Constrained(ParseResult parsed, Terminal terminal, Func<CancellationToken> listen, IProgress<TrajectoryRecord> progress)
    {
        var method = settings.Method(parsed);
        ClassInput input = classes.Model(parsed, terminal, parsed.GetValue(dimension));
        FactorizedProgram program = FactorizedProgram.At(input.Model, settings.Level(parsed));
        CancellationToken token = listen();
        TrajectoryTarget? target = null;
        if (input.Model.ClassCount <= MostClassesWithTarget && new AutomaticSolver().Solve(input.Model, null, token) is { Status: SolverStatus.Optimal } optimum)
        {
            target = TrajectoryTarget.Of(optimum);
        }

        Trajectory run = ProjectedGradientTrajectory.Run(program, method, settings.Recording(parsed, target), null, progress, token);
        return new TrajectoryReport(input, program, TrajectoryModel.LayerPeeled, settings.Rule(parsed), target, run);
    }

    private static int ExitCodeOf(Terminal terminal, Trajectory run)
    {
        int step = run.Records[^1].Step;
        switch (run.End)
        {
            case TrajectoryEnd.Cancelled:
                terminal.Tell($"layerpeeled: interrupted at step {step}; the records until there were written.");
                return ExitCode.Cancelled;
            case TrajectoryEnd.NumericalLimit:
                terminal.Tell($"layerpeeled: there is no next point in double precision after step {step}; the records until there were written.");
                return ExitCode.Failure;
            default:
                return ExitCode.Certified;
        }
    }
}
