// How do the minority classifiers merge? The paper says where: at the ratio R_0. This program solves the model closer and closer below R_0 and asks with which
// power of the distance the angle between them closes, for several numbers of classes and budgets. Every optimum is certified.
open System
open LayerPeeled.Solver.Analysis
open LayerPeeled.Solver.Model
open LayerPeeled.Solver.Solvers

/// 1 − cosine between two minority classifiers, at a distance 1 − R/R_0 below the threshold.
let opening (threshold: MinorityCollapseThreshold) (distance: float) =
    let ratio = threshold.Ratio * (1.0 - distance)
    let groups = [ ClassGroup(threshold.MajorityClasses, ratio); ClassGroup(threshold.MinorityClasses, 1.0) ]
    let model = LayerPeeledModel.FromClassGroups(groups, classifierBudget = 1.0, featureBudget = threshold.BudgetProduct)
    1.0 - LayerPeeledSolver.Solve(model).EnsureOptimal().Groups[1].ClassifierCosine

/// Slope of log(opening) against log(distance), by least squares.
let exponent threshold distances =
    let points = [ for distance in distances -> Math.Log distance, Math.Log(opening threshold distance) ]
    let meanX, meanY = List.averageBy fst points, List.averageBy snd points
    List.sumBy (fun (x, y) -> (x - meanX) * (y - meanY)) points / List.sumBy (fun (x, _) -> (x - meanX) ** 2.0) points

printfn "K_A  K_B  E_W·E_H          R_0  exponent  1 - cosine at 0.99999 R_0"
for majority, minority, product in [ 5, 5, 5.0; 3, 7, 5.0; 7, 3, 5.0; 2, 2, 1.0; 5, 5, 20.0; 50, 50, 5.0 ] do
    let threshold = MinorityCollapseThreshold.At(majority, minority, product)
    let slope = exponent threshold [ 1e-3; 1e-4; 1e-5 ]
    printfn $"{majority, 3}  {minority, 3}  {product, 7}  {threshold.Ratio, 11:f4}  {slope, 8:f3}  {opening threshold 1e-5:e3}"
