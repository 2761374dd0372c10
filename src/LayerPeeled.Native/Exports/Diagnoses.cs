using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using LayerPeeled.Native.Border;
using LayerPeeled.Native.Handles;
using LayerPeeled.Native.Structs;
using LayerPeeled.Solver.Analysis.Diagnosis;
using LayerPeeled.Solver.Analysis.Metrics;
using LayerPeeled.Solver.Solvers.Targets;
using MathNet.Numerics.LinearAlgebra;

namespace LayerPeeled.Native.Exports;

/// <summary>Trained networks beside the optimum, the family, and soft targets.</summary>
internal static unsafe class Diagnoses
{
    [UnmanagedCallersOnly(EntryPoint = "lp_diagnose", CallConvs = [typeof(CallConvCdecl)])]
    public static int Diagnose(nint measurement, LpDiagnosisOptions* options, LpControl* control, nint* result) => Call.Create(result, () =>
    {
        MeasurementHandle measured = Measured(measurement, out Matrix<double> classifier);
        NetworkDiagnosisOptions how = Network(Sized.ReadOrDefault(options, nameof(options)));
        using RunControl run = RunControl.Of(control);
        return new DiagnosisHandle(NetworkDiagnosis.Of(measured.Statistics, classifier, measured.Bias, measured.SecondPass, how, run.Progress, run.Token));
    });

    [UnmanagedCallersOnly(EntryPoint = "lp_diagnosis_get_info", CallConvs = [typeof(CallConvCdecl)])]
    public static int GetInfo(nint diagnosis, LpDiagnosisInfo* info) => Call.Run(() => Sized.Write(info, Get(diagnosis).Info(), nameof(info)));

    [UnmanagedCallersOnly(EntryPoint = "lp_diagnosis_get_groups", CallConvs = [typeof(CallConvCdecl)])]
    public static int GetGroups(nint diagnosis, LpGroupComparison* rows, long capacity, long* count) => Call.Run(() =>
    {
        DiagnosisHandle handle = Get(diagnosis);
        Sized.WriteRows(rows, capacity, count, handle.Diagnosis.Groups.Count, handle.Group);
    });

    [UnmanagedCallersOnly(EntryPoint = "lp_diagnosis_get_collapsed", CallConvs = [typeof(CallConvCdecl)])]
    public static int GetCollapsed(nint diagnosis, LpCollapsedClass* rows, long capacity, long* count) => Call.Run(() =>
    {
        DiagnosisHandle handle = Get(diagnosis);
        Sized.WriteRows(rows, capacity, count, handle.Diagnosis.CollapsedClasses.Count, handle.Collapsed);
    });

    [UnmanagedCallersOnly(EntryPoint = "lp_diagnosis_get_solution", CallConvs = [typeof(CallConvCdecl)])]
    public static int GetSolution(nint diagnosis, nint* result) => Call.Create(result, () => new ClassSolutionHandle(Get(diagnosis).Diagnosis.Solution));

    [UnmanagedCallersOnly(EntryPoint = "lp_diagnosis_free", CallConvs = [typeof(CallConvCdecl)])]
    public static int Free(nint diagnosis) => Call.Run(() => HandleTable.Free<DiagnosisHandle>(diagnosis, nameof(diagnosis)));

    [UnmanagedCallersOnly(EntryPoint = "lp_diagnose_family", CallConvs = [typeof(CallConvCdecl)])]
    public static int DiagnoseFamily(nint measurement, LpDiagnosisOptions* options, LpControl* control, nint* result) => Call.Create(result, () =>
    {
        MeasurementHandle measured = Measured(measurement, out Matrix<double> classifier);
        FamilyDiagnosisOptions how = Family(options);
        using RunControl run = RunControl.Of(control);
        return new FamilyHandle(FamilyDiagnosis.Of(measured.Statistics, classifier, measured.Bias, how, run.Progress, run.Token));
    });

    [UnmanagedCallersOnly(EntryPoint = "lp_diagnose_classifier", CallConvs = [typeof(CallConvCdecl)])]
    public static int DiagnoseClassifier(LpArray* counts, LpArray* weight, int hasBias, LpDiagnosisOptions* options, LpControl* control, nint* result) =>
        Call.Create(result, () =>
        {
            double[] examples = ArrayView.Of(counts, nameof(counts)).ToNumbers();
            Matrix<double> classifier = ArrayView.Of(weight, nameof(weight)).ToMatrix();
            FamilyDiagnosisOptions how = Family(options);
            using RunControl run = RunControl.Of(control);
            return new FamilyHandle(FamilyDiagnosis.OfClassifier(examples, classifier, hasBias != 0, how, run.Progress, run.Token));
        });

    [UnmanagedCallersOnly(EntryPoint = "lp_family_get_info", CallConvs = [typeof(CallConvCdecl)])]
    public static int GetFamilyInfo(nint family, LpFamilyInfo* info) => Call.Run(() => Sized.Write(info, GetFamily(family).Info(), nameof(info)));

    [UnmanagedCallersOnly(EntryPoint = "lp_family_get_members", CallConvs = [typeof(CallConvCdecl)])]
    public static int GetMembers(nint family, LpFamilyMember* rows, long capacity, long* count) => Call.Run(() =>
    {
        FamilyHandle handle = GetFamily(family);
        Sized.WriteRows(rows, capacity, count, handle.Members.Count, handle.Member);
    });

    [UnmanagedCallersOnly(EntryPoint = "lp_family_get_solution", CallConvs = [typeof(CallConvCdecl)])]
    public static int GetMemberSolution(nint family, long member, nint* result) => Call.Create(result, () =>
        new ClassSolutionHandle(GetFamily(family).Members[Choice.Index(member, GetFamily(family).Members.Count, nameof(member))].Solution));

    [UnmanagedCallersOnly(EntryPoint = "lp_family_free", CallConvs = [typeof(CallConvCdecl)])]
    public static int FreeFamily(nint family) => Call.Run(() => HandleTable.Free<FamilyHandle>(family, nameof(family)));

    [UnmanagedCallersOnly(EntryPoint = "lp_diagnose_targets", CallConvs = [typeof(CallConvCdecl)])]
    public static int DiagnoseTargets(
        nint model, LpArray* classifier, LpArray* features, LpSolveOptions* options, LpControl* control, LpTargetDiagnosis* diagnosis, nint* optimum) => Call.Run(() =>
    {
        Output.SetIfThere(optimum, 0);
        ModelHandle handle = HandleTable.Get<ModelHandle>(model, nameof(model));
        if (handle.Targets is not { } targets)
        {
            throw new NotSupportedException("A model of soft targets is expected; this one is of classes.");
        }

        Sized.SizeOf(diagnosis, nameof(diagnosis));
        SolveSettings settings = SolveSettings.Of(options);
        using RunControl run = RunControl.Of(control);
        var found = TargetDiagnosis.Of(
            targets.Targets, ArrayView.Of(classifier, nameof(classifier)).ToMatrix(), ArrayView.Of(features, nameof(features)).ToMatrix(),
            new SoftTargetSolver(settings.Create()), run.Token);
        Sized.Write(diagnosis, Fields(found), nameof(diagnosis));
        if (optimum != null)
        {
            *optimum = HandleTable.Add(new TargetSolutionHandle(found.Optimum, settings.Options.RelativeGapTolerance));
        }
    });

    private static LpTargetDiagnosis Fields(TargetDiagnosis found) => new()
    {
        ClassifierBudget = found.ClassifierBudget,
        FeatureBudget = found.FeatureBudget,
        EntropyFloor = found.Optimum.Model.Targets.EntropyFloor,
        Excess = found.Excess,
        ExcessOfNothing = found.ExcessOfNothing,
        ShareGained = found.ShareGained,
        ClassifierGramDistance = found.ClassifierGramDistance,
        FeatureGramDistance = found.FeatureGramDistance,
        LogitDistance = found.LogitDistance,
    };

    private static MeasurementHandle Measured(nint measurement, out Matrix<double> classifier)
    {
        MeasurementHandle measured = HandleTable.Get<MeasurementHandle>(measurement, nameof(measurement));
        classifier = measured.Classifier ?? throw new ArgumentException("The network was measured without its weight, which a diagnosis needs.", nameof(measurement));
        return measured;
    }

    private static NetworkDiagnosisOptions Network(LpDiagnosisOptions given) => new()
    {
        GlobalMean = Choice.Of<GlobalMean>(given.GlobalMean, "options.global_mean"),
        MostGroups = Choice.UnlessZero(given.MostGroups),
        Loss = Models.Loss(given.Loss, "options.loss"),
        LossWeights = ArrayView.OfOrNull(given.LossWeights, "options.loss_weights")?.ToNumbers(),
    };

    private static FamilyDiagnosisOptions Family(LpDiagnosisOptions* options)
    {
        LpDiagnosisOptions given = Sized.ReadOrDefault(options, nameof(options));
        return new FamilyDiagnosisOptions
        {
            Network = Network(given),
            Families = given.Families == 0 ? ModelFamilies.All : (ModelFamilies)given.Families,
            ClassifierDecay = Choice.UnlessZero(given.ClassifierDecay),
            BiasDecay = given.BiasDecayIsKnown != 0 ? given.BiasDecay : null,
            FeaturePenalty = Choice.UnlessZero(given.FeaturePenalty),
        };
    }

    private static DiagnosisHandle Get(nint diagnosis) => HandleTable.Get<DiagnosisHandle>(diagnosis, nameof(diagnosis));

    private static FamilyHandle GetFamily(nint family) => HandleTable.Get<FamilyHandle>(family, nameof(family));
}
